export { type AccessRule, accessRuleKey, Caller, Public, Roles, SignedIn } from './access.decorators.js';
export { AccessGuard, bearerToken } from './access.guard.js';
export { AccessTokens, accessTokenType } from './access-tokens.js';
export type { Principal } from './principal.js';
export { generateServiceKeys, ServiceIdentity, verifyService } from './service-identity.js';
export { remoteKeys, type TokenKeys } from './token-keys.js';
