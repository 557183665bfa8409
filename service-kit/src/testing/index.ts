export { Contract, type ContractRequest, type Operation } from './contract.js';
export { TokenIssuer } from './token-issuer.js';
