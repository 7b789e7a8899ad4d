import { createHash } from 'node:crypto';
import { tokenCount, type Attempt, type JsonObject } from '../../../protocol/index.js';
import type { StoredRollout } from '../../html/rollouts.js';
import { attributes, type Attribute } from './attributes.js';

/** A span in the JSON form of OTLP. Ids are hexadecimal, times nanoseconds since 1970 as strings. */
export interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  /** 1 = internal, 3 = client. */
  kind: 1 | 3;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: Attribute[];
  /** 0 = unset, 2 = error. */
  status: { code: 0 | 2; message?: string };
}

const INTERNAL = 1;
const CLIENT = 3;

const objectOf = (value: unknown): JsonObject =>
  typeof value === 'object' && value !== null ? (value as JsonObject) : {};
const listOf = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.map(objectOf) : []);
const wordOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
const nanos = (ms: number): string => String(BigInt(Math.round(ms)) * 1_000_000n);
const hex = (text: string, digits: number): string =>
  createHash('sha256').update(text).digest('hex').slice(0, digits);

/** Makes a rollout's spans: the same rollout always gets the same ids, so that sending it twice adds nothing. */
class Trace {
  readonly spans: Span[] = [];
  private readonly traceId: string;

  constructor(private readonly id: string) {
    this.traceId = hex(id, 32);
  }

  add(span: Omit<Span, 'traceId' | 'spanId' | 'status'> & { error?: string | undefined }): string {
    const { error, ...rest } = span;
    const spanId = hex(`${this.id} ${this.spans.length}`, 16);
    const status: Span['status'] = error === undefined ? { code: 0 } : { code: 2, message: error };
    this.spans.push({ traceId: this.traceId, spanId, ...rest, status });
    return spanId;
  }
}

function addChat(trace: Trace, parentSpanId: string, attempt: Attempt, row: JsonObject): void {
  const response = objectOf(row.response);
  const requested = objectOf(row.responses_create_params);
  const model = wordOf(requested.model) ?? wordOf(response.model);
  const url = URL.canParse(attempt.url) ? new URL(attempt.url) : undefined;
  const port = url === undefined ? undefined : Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  trace.add({
    parentSpanId,
    name: `chat ${model ?? attempt.model}`,
    kind: CLIENT,
    startTimeUnixNano: nanos(attempt.started_at),
    endTimeUnixNano: nanos(attempt.started_at + attempt.duration_ms),
    attributes: attributes({
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': model ?? attempt.model,
      'gen_ai.request.temperature': numberOf(requested.temperature),
      'gen_ai.request.max_tokens': numberOf(requested.max_output_tokens),
      'server.address': url?.hostname,
      'server.port': port,
      'http.response.status_code': attempt.status,
      'error.type': attempt.result === 'ok' ? undefined : attempt.result,
      'ngym.model_server': attempt.model,
    }),
    error: attempt.result === 'ok' ? undefined : (attempt.message ?? attempt.result),
  });
}

/** Tool calls are not timed: each lies between the end of the request that asked for it and the start of the next. */
function addTools(trace: Trace, parentSpanId: string, row: JsonObject, answered: readonly Attempt[]): void {
  let turn = 0;
  let resulted = false;
  for (const item of listOf(objectOf(row.response).output)) {
    if (item.type === 'function_call_output') {
      resulted = true;
      continue;
    }
    if (resulted) turn += 1;
    resulted = false;
    const before = answered[Math.min(turn, answered.length - 1)];
    if (item.type !== 'function_call' || before === undefined) continue;
    const from = before.started_at + before.duration_ms;
    trace.add({
      parentSpanId,
      name: `execute_tool ${wordOf(item.name) ?? 'unknown'}`,
      kind: INTERNAL,
      startTimeUnixNano: nanos(from),
      endTimeUnixNano: nanos(Math.max(from, answered[turn + 1]?.started_at ?? from)),
      attributes: attributes({
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': wordOf(item.name),
        'gen_ai.tool.type': 'function',
        'gen_ai.tool.call.id': wordOf(item.call_id),
      }),
    });
  }
}

/** When the episode began and ended, in epoch milliseconds; null when the row does not say. */
function times(row: JsonObject, attempts: readonly Attempt[]): { start: number; end: number } | null {
  const created = numberOf(objectOf(row.response).created_at);
  const start = attempts[0]?.started_at ?? (created === undefined ? undefined : created * 1000);
  if (start === undefined) return null;
  const last = attempts.reduce((end, one) => Math.max(end, one.started_at + one.duration_ms), start);
  return { start, end: Math.max(last, start + (numberOf(objectOf(row._ng_run).duration_ms) ?? 0)) };
}

/**
 * One trace for a rollout: `invoke_agent` around a `chat` per request and an `execute_tool` per tool call, with the
 * names of OpenTelemetry's conventions for generative AI. Holds no text of the conversation. Empty when the stored
 * row has no time.
 */
export function rolloutSpans(stored: StoredRollout, runId: string): Span[] {
  const { row, task, rollout, agent, status } = stored;
  const attempts = listOf(objectOf(row._ng_run).attempts) as unknown as Attempt[];
  const when = times(row, attempts);
  if (when === null) return [];
  const usage = objectOf(objectOf(row.response).usage);
  const attempt = numberOf(row._ng_attempt_index) ?? 0;
  const trace = new Trace(`${runId} ${agent} ${task}-${rollout}-${attempt}`);
  const kind = status === 'failed' ? (wordOf(row._ng_failure_class) ?? 'failed') : undefined;
  const root = trace.add({
    name: `invoke_agent ${agent}`.trim(),
    kind: INTERNAL,
    startTimeUnixNano: nanos(when.start),
    endTimeUnixNano: nanos(when.end),
    attributes: attributes(
      {
        'gen_ai.operation.name': 'invoke_agent',
        'gen_ai.agent.name': agent === '' ? undefined : agent,
        'gen_ai.conversation.id': `${task}-${rollout}`,
        'gen_ai.response.model': wordOf(objectOf(row.response).model),
        'gen_ai.usage.input_tokens': tokenCount(usage.input_tokens) ?? undefined,
        'gen_ai.usage.output_tokens': tokenCount(usage.output_tokens) ?? undefined,
        'error.type': kind,
        'ngym.status': status,
        'ngym.task_index': task,
        'ngym.rollout_index': rollout,
        'ngym.reward': status === 'scored' ? numberOf(row.reward) : undefined,
        'ngym.stop_reason': wordOf(objectOf(row._ng_run).stop_reason),
      },
      ['ngym.reward'],
    ),
    error: kind === undefined ? undefined : (wordOf(row.message) ?? kind),
  });
  for (const one of attempts) addChat(trace, root, one, row);
  addTools(
    trace,
    root,
    row,
    attempts.filter(({ result }) => result === 'ok'),
  );
  return trace.spans;
}
