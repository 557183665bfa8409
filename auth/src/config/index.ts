export { AuthConfig } from './auth-config.js';
export type { EncryptionKey } from './encryption-keys.js';
