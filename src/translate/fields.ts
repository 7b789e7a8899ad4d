import { isObject } from '../protocol/index.js';
import { label, untranslatable } from './failures.js';
import type { Dialect } from './form.js';
import type { TranslateOptions } from './options.js';
import { putKey } from './put-key.js';

/**
 * One request field. A string is the field's name in that dialect; `null`: the dialect has no such field;
 * `code`: written by code because its shape differs (the note says how).
 */
export interface Field {
  /** The name in the intermediate form: the Responses name where there is one. */
  readonly name: string;
  readonly responses: string | null;
  readonly chat: string | null;
  readonly messages: string | null;
  /** What happens where the target has no such field: nothing is lost, it is reported as lost, or refused. */
  readonly absent: 'drop' | 'loss' | 'refuse';
  /** Values that ask for nothing, besides null: left out silently. */
  readonly neutral?: readonly unknown[];
  readonly note?: string;
  /** Shapes differ: the writers handle it. */
  readonly shaped?: boolean;
}

const f = (
  name: string,
  [responses, chat, messages]: readonly [string | null, string | null, string | null],
  absent: Field['absent'],
  more: Pick<Field, 'neutral' | 'note' | 'shaped'> = {},
): Field => ({ name, responses, chat, messages, absent, ...more });

const same = (name: string): readonly [string, string, string] => [name, name, name];
const shaped = (note: string): Pick<Field, 'note' | 'shaped'> => ({ note, shaped: true });

/** The field table; docs/translation.md prints it. A field that is not in it passes under its own name. */
export const FIELDS: readonly Field[] = [
  f('input', ['input', 'messages', 'messages'], 'refuse', shaped('see items and parts')),
  f('instructions', ['instructions', null, 'system'], 'refuse', shaped('Chat: the first system message')),
  f('model', same('model'), 'drop', { note: 'always the configured model' }),
  f('max_output_tokens', ['max_output_tokens', 'max_tokens', 'max_tokens'], 'refuse', {
    shaped: true,
    note: 'Chat name by record; read from max_completion_tokens too; Messages needs one: default by record',
  }),
  f('temperature', same('temperature'), 'refuse'),
  f('top_p', same('top_p'), 'refuse'),
  f('top_k', [null, null, 'top_k'], 'loss', { note: 'passed on to Chat and Responses as it is' }),
  f('tools', same('tools'), 'refuse', shaped('see tools')),
  f('tool_choice', same('tool_choice'), 'refuse', shaped('see tool choice')),
  f('parallel_tool_calls', ['parallel_tool_calls', 'parallel_tool_calls', 'tool_choice'], 'drop', {
    ...shaped('Messages: disable_parallel_tool_use inside tool_choice; left out without tools'),
  }),
  f('text.format', ['text', 'response_format', 'output_config'], 'refuse', {
    ...shaped('Messages: output_config.format, schemas only; json_object is refused there'),
  }),
  f('verbosity', ['text', 'verbosity', null], 'loss', shaped('Responses: text.verbosity')),
  f('reasoning', ['reasoning', 'reasoning_effort', 'thinking'], 'loss', {
    ...shaped('effort; Messages: a thinking budget or output_config.effort, by record'),
  }),
  f('logprobs', ['include', 'logprobs', null], 'refuse', {
    ...shaped('Responses: include message.output_text.logprobs'),
    neutral: [false],
  }),
  f('top_logprobs', ['top_logprobs', 'top_logprobs', null], 'refuse', { neutral: [0] }),
  f('stop', [null, 'stop', 'stop_sequences'], 'refuse', { neutral: [[], ''] }),
  f('n', [null, 'n', null], 'refuse', { neutral: [1] }),
  f('presence_penalty', [null, 'presence_penalty', null], 'refuse', { neutral: [0] }),
  f('frequency_penalty', [null, 'frequency_penalty', null], 'refuse', { neutral: [0] }),
  f('logit_bias', [null, 'logit_bias', null], 'refuse', { neutral: [{}] }),
  f('seed', [null, 'seed', null], 'loss'),
  f('prediction', [null, 'prediction', null], 'loss'),
  f('modalities', [null, 'modalities', null], 'refuse', { neutral: [['text']] }),
  f('audio', [null, 'audio', null], 'refuse'),
  f('web_search_options', [null, 'web_search_options', null], 'refuse'),
  f('metadata', ['metadata', 'metadata', 'metadata'], 'loss', {
    ...shaped('Messages: only user_id, which is user elsewhere'),
    neutral: [{}],
  }),
  f('user', ['user', 'user', 'metadata'], 'drop', shaped('Messages: metadata.user_id')),
  f('service_tier', same('service_tier'), 'loss', shaped('Messages: auto and standard_only (= default)')),
  f('store', ['store', 'store', null], 'drop'),
  f('safety_identifier', ['safety_identifier', 'safety_identifier', null], 'loss'),
  f('prompt_cache_key', ['prompt_cache_key', 'prompt_cache_key', null], 'loss'),
  f('prompt_cache_retention', ['prompt_cache_retention', 'prompt_cache_retention', null], 'loss'),
  f('stream', same('stream'), 'drop', shaped('set by the exchange')),
  f('stream_options', [null, 'stream_options', null], 'drop', shaped('usage is always asked for')),
  f('include', ['include', null, null], 'drop', shaped('log-probabilities are asked for as such')),
  f('truncation', ['truncation', null, null], 'loss', { neutral: ['disabled'] }),
  f('max_tool_calls', ['max_tool_calls', null, null], 'loss', { note: 'limits hosted tools only' }),
  f('background', ['background', null, null], 'refuse', { neutral: [false] }),
  f('previous_response_id', ['previous_response_id', null, null], 'refuse', {
    note: 'resolved first when the caller gives a store',
  }),
  f('conversation', ['conversation', null, null], 'refuse'),
  f('prompt', ['prompt', null, null], 'refuse'),
  f('thinking', [null, null, 'thinking'], 'loss', shaped('read as reasoning effort')),
  f('output_config', [null, null, 'output_config'], 'loss', shaped('read as reasoning effort and format')),
  f('mcp_servers', [null, null, 'mcp_servers'], 'refuse', { neutral: [[]] }),
  f('container', [null, null, 'container'], 'refuse'),
];

const BY_NAME = new Map(FIELDS.map((field) => [field.name, field]));

/** The form's field for a key of a dialect whose shape is the same everywhere; undefined when it is unknown. */
function plainName(dialect: Dialect, key: string): string | undefined {
  return PLAIN[dialect].get(key);
}

function plainNames(dialect: Dialect): Map<string, string> {
  const names = FIELDS.filter((field) => field.shaped !== true && field[dialect] !== null);
  return new Map(names.map((field) => [field[dialect]!, field.name]));
}

const PLAIN: Readonly<Record<Dialect, Map<string, string>>> = {
  responses: plainNames('responses'),
  chat: plainNames('chat'),
  messages: plainNames('messages'),
};

/** Copies every field but the structured ones into `params`, under the form's names. */
export function readParams(
  dialect: Dialect,
  body: Readonly<Record<string, unknown>>,
  structured: ReadonlySet<string>,
): Record<string, unknown> {
  const params: Record<string, unknown> = {};
  for (const key in body) {
    const value = body[key];
    if (!structured.has(key) && value !== undefined) putKey(params, plainName(dialect, key) ?? key, value);
  }
  return params;
}

function isNeutral(field: Field, value: unknown): boolean {
  if (value === null) return true;
  return (
    field.neutral?.some(
      (neutral) =>
        neutral === value ||
        (typeof neutral === 'object' && JSON.stringify(neutral) === JSON.stringify(value)),
    ) ?? false
  );
}

const DIALECT_NAMES: Readonly<Record<Dialect, string>> = {
  responses: 'the Responses API',
  chat: 'Chat Completions',
  messages: 'the Messages API',
};

/** The name of a dialect for messages. */
export function dialectName(dialect: Dialect): string {
  return DIALECT_NAMES[dialect];
}

/** Deals with a field that the target does not have: nothing, a reported loss, or a refusal. */
function absent(field: Field, value: unknown, target: Dialect, options: TranslateOptions): void {
  if (field.absent === 'drop' || isNeutral(field, value)) return;
  const reason = `${dialectName(target)} has no such field`;
  if (field.absent === 'refuse' && options.unsupported !== 'drop') {
    throw untranslatable(field.name, `${reason} (asked for: ${label(value)}); leave it out of the request`);
  }
  options.onLoss?.({ part: field.name, reason });
}

/**
 * Writes the fields whose shape is the same everywhere. `shapedHere` names those that the caller writes itself;
 * what the table does not know passes under its own name: whoever set it meant it for the upstream. With `carry`
 * so do fields that the target lacks: the body is on its way to yet another dialect.
 */
export function writeParams(
  body: Record<string, unknown>,
  params: Readonly<Record<string, unknown>>,
  target: Dialect,
  options: TranslateOptions,
  carry = false,
): void {
  for (const key in params) {
    const value = params[key];
    const field = BY_NAME.get(key);
    if (
      field === undefined ||
      key === 'top_k' ||
      (carry && field[target] === null && field.shaped !== true)
    ) {
      putKey(body, key, value);
    } else if (field.shaped === true) continue;
    else if (field[target] !== null) {
      if (key !== 'model' || value !== null) putKey(body, field[target], value);
    } else absent(field, value, target, options);
  }
}

/** Refuses or reports a shaped field that the target cannot hold. */
export function writeAbsent(
  name: string,
  params: Readonly<Record<string, unknown>>,
  target: Dialect,
  options: TranslateOptions,
): void {
  const value = params[name];
  if (value !== undefined) absent(BY_NAME.get(name)!, value, target, options);
}

/** A member of an object-valued field, or undefined. */
export function member(holder: unknown, key: string): unknown {
  const value = isObject(holder) ? holder[key] : undefined;
  return value === null ? undefined : value;
}
