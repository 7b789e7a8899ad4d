export { Gateway } from './gateway.js';
export type { UpstreamOptions } from './upstreams.js';
export { idOf, Upstreams } from './upstreams.js';
export type { Answer } from './ask.js';
export { askProvider } from './ask.js';
export { refusedOf } from './failure-reply.js';
export { collect } from './reply-stream.js';
export { isForbiddenHost } from './hosts.js';
export { ADAPTERS } from './routing.js';
