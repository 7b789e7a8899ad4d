import type { JsonObject } from '../../protocol/index.js';

/** Large fields for training and debugging that nobody reads in a browser. */
const HEAVY_FIELDS = new Set(['ng_trajectory', 'ng_model_call_capture', 'ng_agent_observations']);
const HEAVY_ITEM_FIELDS = new Set([
  'prompt_token_ids',
  'generation_token_ids',
  'generation_log_probs',
  'encrypted_content',
  'logprobs',
]);

function withoutHeavy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutHeavy);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, field]) => !HEAVY_ITEM_FIELDS.has(key) && field !== null)
      .map(([key, field]) => [key, withoutHeavy(field)]),
  );
}

/** An address without what may be secret in it: user, password, query. */
export function bareUrl(url: unknown): unknown {
  if (typeof url !== 'string' || !URL.canParse(url)) return undefined;
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

function bareAttempts(run: unknown): unknown {
  if (typeof run !== 'object' || run === null) return run;
  const { attempts } = run as JsonObject;
  if (!Array.isArray(attempts)) return run;
  const bare = (attempts as JsonObject[]).map((attempt) => ({ ...attempt, url: bareUrl(attempt.url) }));
  return { ...run, attempts: bare };
}

/** A stored row as the page gets it: without token ids, captures, nulls of the conversation, secrets in addresses. */
export function shownRow(row: JsonObject): JsonObject {
  const shown: JsonObject = {};
  for (const [key, value] of Object.entries(row)) {
    if (HEAVY_FIELDS.has(key)) continue;
    const conversation = key === 'response' || key === 'responses_create_params';
    shown[key] = (
      conversation ? withoutHeavy(value) : key === '_ng_run' ? bareAttempts(value) : value
    ) as JsonObject[string];
  }
  return shown;
}
