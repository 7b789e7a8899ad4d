export { SessionCookies } from './cookie.js';
export { SessionStore } from './store.js';
export type { Lookup } from './store.js';
