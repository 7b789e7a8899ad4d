import { CallFailure, header, isObject, TOOL_HEADERS } from '../../protocol/index.js';
import type { ContentPart, Json, JsonObject, StepResult, ToolResult, Verdict } from '../../protocol/index.js';
import type { RawReply } from '../../transport/index.js';

export interface Reset {
  observation: string | null;
  info: JsonObject;
}

/** A tool's answer: its text whatever the status, or the parts that a server of ours says that it holds. */
export function readToolReply({ status, headers, text }: RawReply): ToolResult {
  const failed = status >= 400 || header(headers, TOOL_HEADERS.failed) !== undefined;
  if (header(headers, TOOL_HEADERS.parts) === undefined) return { output: text, failed };
  return { output: JSON.parse(text) as ContentPart[], failed };
}

/**
 * The verdict in a reply of `/verify`: all its keys but the two that echo what was sent. A reward that is not a
 * finite number is a failure, never a 0.
 */
export function readVerdict(body: JsonObject, url: string): Verdict {
  const verdict: Record<string, Json> = {};
  for (const key of Object.keys(body)) {
    if (key !== 'responses_create_params' && key !== 'response') verdict[key] = body[key]!;
  }
  return { ...verdict, reward: numberOf(body['reward'], 'reward', url) };
}

/** A reply of `/step`; flags and reward may be absent. */
export function readStep(body: JsonObject, url: string): StepResult {
  const { observation, reward, terminated, truncated, info } = body;
  if (observation !== undefined && observation !== null && typeof observation !== 'string') {
    throw new CallFailure('verify_failed', `${url}: the observation is neither text nor null`);
  }
  return {
    observation: observation ?? null,
    reward: reward === undefined ? 0 : numberOf(reward, 'reward', url),
    terminated: terminated === true,
    truncated: truncated === true,
    info: isObject(info) ? info : {},
  };
}

function numberOf(value: Json | undefined, key: string, url: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  // Python's booleans are numbers, and its environments return them.
  if (typeof value === 'boolean') return value ? 1 : 0;
  throw new CallFailure(
    'verify_failed',
    `${url}: ${key} is ${JSON.stringify(value) ?? 'missing'}, not a number`,
  );
}
