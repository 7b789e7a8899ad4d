import { createHash } from 'node:crypto';
import { ADAPTERS } from '../gateway/index.js';
import { NAME } from '../schema/index.js';

const MAX = 63;
const KEPT = 54;

/**
 * The entity name of a provider's model id (`meta/llama-3.1-8b-instruct` → `meta-llama-3-1-8b-instruct`), as the
 * reference makes it; null for an id of which no name can be made. A long one is cut and told apart by its digest.
 */
export function entityName(id: string): string | null {
  const plain = id
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  const name = /^\d/.test(plain) ? `m-${plain}` : plain;
  if (name.length < 2) return null;
  if (name.length <= MAX) return name;
  const digest = createHash('sha256').update(id).digest('hex').slice(0, 8);
  return `${name.slice(0, KEPT)}-${digest}`;
}

/** Models whose API is Anthropic's, by the name that their makers gave them. */
export function backendFormat(id: string): string {
  return /(^|[^a-z])claude/i.test(id) ? 'ANTHROPIC_MESSAGES' : 'OPENAI_CHAT';
}

/**
 * `base&adapters/workspace/name`: how an adapter that a deployment serves is asked for; null where no name can be made.
 * A server lists it as `workspace--name`, or by its bare name, which is one in the model's own workspace.
 */
export function adapterEntityName(id: string, base: string, workspace: string): string | null {
  const segment = id.slice(id.lastIndexOf('/') + 1);
  const at = segment.indexOf('--');
  const [of, name] = at === -1 ? [workspace, segment] : [segment.slice(0, at), segment.slice(at + 2)];
  const model = entityName(base);
  if (model === null || !NAME.matches.test(of) || !NAME.matches.test(name)) return null;
  return `${model}${ADAPTERS}${of}/${name}`;
}
