import type { Exchange } from '../http/index.js';
import { DIALECT_PATHS } from './dialect-route.js';

/** Whether the client is one of Anthropic's API: its path tells, or the version that its requests have to name. */
export function speaksMessages({ path, request }: Exchange): boolean {
  const { messages } = DIALECT_PATHS;
  return path === messages || path.startsWith(`${messages}/`) || 'anthropic-version' in request.headers;
}
