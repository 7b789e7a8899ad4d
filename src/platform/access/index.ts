export { createAccess } from './access.js';
export { digestOf, newToken, SCOPES, type Scope } from './tokens.js';
