import type { IncomingHttpHeaders } from 'node:http';

export type Latency = number | { min: number; max: number } | { p50: number; p99: number };

export type WaitForm =
  | 'none'
  | 'retry-after'
  | 'retry-after-date'
  | 'retry-after-ms'
  | 'x-ms-retry-after-ms'
  | 'anthropic-reset'
  | 'x-ratelimit-reset'
  | 'retryDelay'
  | 'retry_after'
  | 'message'
  | 'try-again';

export interface StatusFault {
  kind: 'status';
  status: number;
  wait?: { form: WaitForm; ms: number };
  code?: string;
  message?: string;
  headers?: Record<string, string>;
  /** Replaces the whole body: an object, or raw text. */
  body?: unknown;
}

export type Fault =
  | {
      kind:
        | 'ok'
        | 'reset'
        | 'reset_after_headers'
        | 'garbage'
        | 'empty'
        | 'invalid_json'
        | 'no_done'
        | 'refuse_prefill';
    }
  | { kind: 'reset_mid_body' | 'close_mid_body' | 'truncate'; after?: number }
  | { kind: 'stall_before_headers' | 'stall_after_headers'; ms?: number; then?: 'close' }
  | { kind: 'stall_mid_body'; ms?: number; after?: number; then?: 'close' }
  | { kind: 'half_chunks' | 'slow_drip'; size?: number; ms?: number }
  | { kind: 'in_band_error'; message?: string; code?: string | number; after?: number }
  | { kind: 'oversized'; bytes?: number }
  | { kind: 'invalid_event'; at?: number }
  | StatusFault;

/** A fault by name (`reset`, `status_500`, …) or in full. */
export type FaultLike = string | Fault;

export interface ReadRequest {
  dialect: 'chat' | 'completions' | 'responses' | 'messages';
  path: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- any body that a client sends
  body: any;
  model: string;
  stream: boolean;
  /** Text of the last user message. */
  prompt: string;
  promptTokens: number;
  /** Rounds of tool results since the last user message. */
  toolRounds: number;
  lastRole: string;
}

export interface Answer {
  text?: string;
  reasoning?: string;
  toolCalls?: { name: string; arguments: string }[];
  finishReason?: string;
  /** In place of the usage of a Responses reply. */
  usage?: unknown;
}

export interface Limits {
  /** Requests at a time. */
  concurrent?: number;
  /** Requests in a window. */
  requests?: number;
  /** Prompt tokens in a window. */
  tokens?: number;
  windowMs?: number;
  status?: number;
  waitForm?: WaitForm;
  /** Wait told by a refusal for concurrency. */
  waitMs?: number;
}

export interface ProviderOptions {
  port?: number;
  host?: string;
  /** Random faults and latencies depend on the seed and the request's bytes, not on the order of arrival. */
  seed?: number;
  latency?: Latency;
  /** Pause before each content event of a stream. */
  tokenDelayMs?: number;
  /** Faults of the first requests, in order of arrival; afterwards `rates` apply. */
  script?: FaultLike[];
  /** Probability of each named fault, 0 to 1. */
  rates?: Record<string, number>;
  /** Decides a request's fault; undefined leaves it to script and rates. */
  faultFor?: (request: ReadRequest, info: { n: number; atMs: number }) => FaultLike | undefined;
  answer?: (request: ReadRequest) => Answer;
  /** Any other key is answered 401. */
  apiKey?: string;
  /** Any other model is answered 404. */
  models?: string[];
  limits?: Limits;
  /** How many requests to remember whole. */
  keep?: number;
  /** False: the same body meets the same fate each time (no count per body is kept). */
  repeatable?: boolean;
  keepAliveMs?: number;
}

export interface RecordedRequest {
  n: number;
  /** Milliseconds since the provider started. */
  at: number;
  path: string;
  model: string;
  stream: boolean;
  fault: Fault['kind'];
  status: number;
  headers: IncomingHttpHeaders;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- any body that a client sends
  body: any;
}

export interface Counts {
  requests: number;
  open: number;
  maxOpen: number;
  ok: number;
  /** Replies that the peer did not read to the end. */
  aborted: number;
  faults: Record<string, number>;
}

export interface Provider {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** `url` with `/v1`. */
  readonly baseUrl: string;
  readonly requests: RecordedRequest[];
  counts(): Counts;
  setScript(faults: FaultLike[]): void;
  /** Forgets the recorded requests. */
  clear(): void;
  close(): Promise<void>;
}

export declare function startProvider(options?: ProviderOptions): Promise<Provider>;
