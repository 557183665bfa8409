export { ConfigurationError, configuration, type Environment } from './environment.js';
export { secretKey } from './secret.js';
export { ServiceConfig, serviceEnvironment } from './service-config.js';
export { servicePrivateKey, trustedServices } from './service-keys.js';
export type { TlsFiles } from './tls-folder.js';
