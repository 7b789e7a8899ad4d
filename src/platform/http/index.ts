export { parseExact, writeExact } from './exact-json.js';
export type { Given } from './request.js';
export { fit, isJsonType, readBody, readQuery } from './request.js';
export { openApiOf } from './openapi.js';
export type { Call, Endpoint, Handle } from './router.js';
export { createFinder, queryOf, wrongMethod } from './router.js';
