import type { FailureKind } from './failure.js';
import type { Json, JsonObject } from './json.js';
import type { ContentPart, ResponsesReply, ResponsesRequest, Tool } from './responses.js';
import type { StopReason } from './stop-reason.js';

/** One line of a dataset after preprocessing: what an agent runs and an environment verifies. */
export interface TaskRow {
  responses_create_params: ResponsesRequest;
  agent_ref?: { name: string; type?: string };
  _ng_task_index: number;
  _ng_rollout_index: number;
  [key: string]: unknown;
}

/**
 * What an in-flight episode is doing now; shown by progress lines and `ng eval status`. `waiting`: nothing that it
 * needs can be reached, and its time stands still.
 */
export type Phase =
  | 'opening'
  | 'queued'
  | 'connecting'
  | 'awaiting_first_byte'
  | 'receiving'
  | 'backing_off'
  | 'waiting'
  | 'tool'
  | 'verifying'
  | 'closing';

/** One try of one request to a provider. Times are epoch milliseconds and milliseconds. */
export interface Attempt {
  model: string;
  url: string;
  started_at: number;
  duration_ms: number;
  result: 'ok' | FailureKind;
  status?: number;
  /** How long we waited after this attempt before the next one. */
  wait_ms?: number;
  message?: string;
}

/** Everything that belongs to one episode's calls: how to stop them, what they belong to, where they report. */
export interface Call {
  /** Aborted when the episode is cancelled or its wall-clock limit passes; the reason says which. */
  readonly signal: AbortSignal;
  /** Aborts the signal; there where it belongs to one request alone, which saves making another one. */
  readonly cancel?: (reason: unknown) => void;
  /** Epoch milliseconds after which nothing of this episode may still run; null = none. */
  readonly deadline: number | null;
  /** `<task index>-<rollout index>`, plus `-a<n>` for attempt n > 0. Stable across resumes. */
  readonly episodeId: string;
  /** Which repeat of the task this is, from 0. */
  readonly rolloutIndex: number;
  /** Every try of every provider request of the episode, in order; appended by the transport. */
  readonly attempts: Attempt[];
  /** Told at every change of phase; `detail` says of what (a tool's name, a URL, the time a wait ends). */
  onPhase(phase: Phase, detail?: string): void;
  /**
   * Told of each reply of a model that the environment asked (a judge): the model's identifier, and its `usage` in the words of
   * Responses, null where it did not say. Absent: nobody counts.
   */
  onJudged?(model: string, usage: Json): void;
  /** Who asks tells of failures, so that nobody else needs to. */
  readonly quiet?: boolean;
  /** Stops the episode's clocks (deadline, watchdog) until the returned function is called. Absent: none run. */
  pause?(): () => void;
}

/** Since when, and why, something that a run depends on cannot be reached. Times are epoch milliseconds. */
export interface Outage {
  /** Of the first failure. */
  readonly since: number;
  /** In words, e.g. `connection refused`. */
  readonly reason: string;
  /** Origin and path, without credentials. */
  readonly url: string;
  /** When it is tried next; null = now, or not known. */
  readonly nextTryAt: number | null;
}

/** One address of a model, environment or agent, as it looks now. */
export interface EndpointStatus {
  /** Origin and base path, without credentials. */
  readonly url: string;
  /** `suspect`: failing, and not yet known whether the endpoint or a request is at fault. `probing`: down, a try is out. */
  readonly state: 'up' | 'suspect' | 'down' | 'probing';
  /** Null while it is up. */
  readonly outage: Outage | null;
  /** Requests out, those that wait for a place, and most at a time; null where nobody counts. */
  readonly load: { readonly out: number; readonly queued: number; readonly limit: number } | null;
}

/** Whether something over the network can be reached. */
export interface Reach {
  /** Null as long as one of its endpoints serves. */
  outage(): Outage | null;
  endpoints(): readonly EndpointStatus[];
}

/** A language model behind some provider, whatever its dialect: speaks Responses. Throws {@link CallFailure}. */
export interface Model {
  /** Name of the server instance in the config, e.g. `policy_model`. */
  readonly name: string;
  /** The configured model identifier; it always replaces the request's. */
  readonly modelId: string;
  /** It answers from recordings in this process: there is nothing to check before a run. */
  readonly offline?: boolean;
  /** One whole reply. */
  respond(request: ResponsesRequest, call: Call): Promise<ResponsesReply>;
  /**
   * Answers a request of any dialect in that dialect, streamed when its body has `stream: true`: for serving the
   * model over HTTP. Absent: `respond` is all there is. Throws {@link CallFailure} until the answer begins.
   */
  exchange?(dialect: WireDialect, body: JsonObject, call: Call): Promise<WireAnswer>;
  /**
   * How many input tokens such a request has, as the provider itself counts them; null where it offers no way to ask.
   * Absent: likewise. Throws {@link CallFailure}.
   */
  countTokens?(dialect: WireDialect, body: JsonObject, call: Call): Promise<number | null>;
  /** How its endpoints are; absent: nobody looks. */
  readonly reach?: Reach;
  /** Where there are several endpoints or fallbacks: each as a model of its own, to be looked at by itself. */
  readonly parts?: readonly Model[];
  /** Releases sockets and timers; safe to call twice. */
  close(): Promise<void>;
}

/** The dialects of clients and providers. */
export type WireDialect = 'responses' | 'chat' | 'messages';

/** An answer as it goes over the wire: one JSON text, or server-sent events. */
export type WireAnswer = { readonly text: string } | { readonly stream: ReplyStream };

/** Takes the pieces of a stream. A `write` that returns false asks for a pause until `resume`. */
export interface StreamSink {
  write(piece: string | Uint8Array): boolean;
  end(): void;
}

/** Server-sent events on their way. What goes wrong on the way is told inside, in the client's dialect. */
export interface ReplyStream {
  /** Starts it; once. */
  flow(sink: StreamSink): void;
  resume(): void;
  /** Nobody listens any more: the provider's connection is closed at once. */
  abort(): void;
}

/** What a verifier found: the reward and any further fields, which become top-level keys of the rollout. */
export interface Verdict {
  reward: number;
  /** True: the reward is no measurement of the model. The rollout is masked: stored, and in no score. */
  mask_sample?: boolean;
  /** Why it is masked, or what went wrong without spoiling the reward: one word, and in words. Never metrics. */
  failure_kind?: string | null;
  failure_reason?: string | null;
  [field: string]: unknown;
}

/** What one step of a turn-taking environment answers (the gymnasium protocol). */
export interface StepResult {
  /** What the model sees next, as a user message; null adds nothing. */
  observation: string | null;
  /** Added to the episode's total. */
  reward: number;
  /** The task is over. */
  terminated: boolean;
  /** Cut short by a limit of the environment's. */
  truncated: boolean;
  /** Free data; `tool_outputs: [{call_id, output}]` are fed back as function outputs. */
  info: JsonObject;
}

/** Which values the pass@k and majority@k metrics of an environment are made from. */
export interface PassMajority {
  /** `{metric name: rollout key}`, e.g. `{accuracy: 'reward'}`; or what makes a number of the rollout. */
  scores: Readonly<Record<string, string | ((rollout: JsonObject) => number)>>;
  /** Rollout key of the extracted answer, null there = no answer; without it there is no majority@k. */
  answerKey?: string;
  /**
   * The same again over some tasks only: given a task's rollouts, the prefixes of the names (`easy/`) under which it
   * counts too.
   */
  groups?(task: readonly JsonObject[]): readonly string[];
  /** Further metrics, made of these. */
  derived?(metrics: JsonObject): JsonObject;
}

/**
 * Whether a stored response can be verified again without the session it was made in: `stateless` = yes, the
 * verdict depends on row and response only; `unsupported` = no; `unknown` = nobody has said.
 */
export type ReverifyMode = 'stateless' | 'unsupported' | 'unknown';

/** What became of a tool call: a text, or parts where there are images; a failed call has the reason in its place. */
export interface ToolResult {
  output: string | ContentPart[];
  failed: boolean;
  /** Of a failed call: the status with which a server answers it (404, 422, 500); absent: 200. */
  status?: number;
}

/** What may compute metrics of its own on its own server. */
export interface Measures {
  /**
   * Metrics by the server where it runs: the body of `POST /aggregate_metrics` in, the JSON text of its answer out; null
   * where there is no such route. Absent: it does not run elsewhere. Throws {@link CallFailure}.
   */
  readonly measure?: (body: string, call: Call) => Promise<string | null>;
}

/** A task family: its tools, its state per episode, and its verifier. Make one with `defineEnvironment`. */
export interface Environment extends Measures {
  /** Name of the server instance in the config, e.g. `mcqa`. */
  readonly name: string;
  /** Names of the tools that `callTool` knows. */
  readonly tools: readonly string[];
  /** `callTool` has an answer for every other name too. */
  readonly takesAnyTool?: boolean;
  /** Declarations of the tools, where they are known; for those who list them (MCP). */
  declareTools?(): readonly Tool[];
  /** The same, asked for where some of them are elsewhere. Absent: `declareTools` knows all. Throws {@link CallFailure}. */
  listTools?(): Promise<readonly Tool[]>;
  /** Starts an episode's state. Throws {@link CallFailure} `row_invalid` when the row lacks what it needs. */
  open(row: TaskRow, call: Call): Promise<unknown>;
  /** Runs a tool; the output goes back to the model as it is. A model's mistake is text too, never a throw. */
  callTool(session: unknown, name: string, args: unknown, call: Call): Promise<ToolResult['output']>;
  /** The same for those who have to tell a failure from a result (MCP). Absent: nobody knows. */
  runTool?(session: unknown, name: string, args: unknown, call: Call): Promise<ToolResult>;
  /** Scores a finished episode. Throws {@link CallFailure} when it cannot: a reward is never invented. */
  verify(session: unknown, row: TaskRow, response: ResponsesReply, call: Call): Promise<Verdict>;
  /** Starts a state without a row, for a tool that is called over HTTP before any episode began. Absent: an empty row must do. */
  openUnseeded?(call: Call): Promise<unknown>;
  /** Keys of the row that an answer over HTTP repeats beside the verdict; `all`: whatever the row has. Absent = none. */
  readonly repeats?: readonly string[] | 'all';
  /** Always runs, after success, failure and cancellation. */
  close(session: unknown): Promise<void>;
  /** First observation of a turn-taking environment; present together with `step`. */
  reset?(
    session: unknown,
    row: TaskRow,
    call: Call,
  ): Promise<{ observation: string | null; info: JsonObject }>;
  /** Takes one reply of the model's and answers with the next observation and this step's reward. */
  step?(session: unknown, row: TaskRow, response: ResponsesReply, call: Call): Promise<StepResult>;
  /** For `ng eval reverify`; absent = `unknown`. */
  reverifyMode?(): Promise<ReverifyMode>;
  /** Asks for pass@k and majority@k over these values; absent = none. */
  readonly passMajority?: PassMajority;
  /** Extra agent metrics from stored rollouts, grouped by task in ascending task index. */
  metrics?(tasks: readonly (readonly JsonObject[])[]): JsonObject;
  /** Headline metrics, picked from all agent metrics; default: every `mean/…`. */
  keyMetrics?(agentMetrics: JsonObject): JsonObject;
  /** How its server is, where it runs elsewhere. */
  readonly reach?: Reach;
  /** Releases what belongs to the environment as a whole: sockets, processes. Safe to call twice. */
  dispose?(): Promise<void>;
}

/**
 * How an episode ended, as data. `result` is the rollout row without the index keys: `responses_create_params`,
 * `response`, `reward`, then the verifier's further fields.
 */
export type Outcome =
  | { status: 'scored'; reward: number; result: JsonObject; stopReason: StopReason; turns: number }
  | {
      status: 'failed';
      kind: FailureKind;
      message: string;
      /** Worth running again on resume. */
      retryable: boolean;
      /** Whatever was there when it failed: `responses_create_params`, `response` so far. */
      partial?: JsonObject;
    }
  /** Over, with a `result` as for a scored one, but its reward is no measurement; never tried again. */
  | { status: 'masked'; reason: string; result: JsonObject; stopReason: StopReason; turns: number }
  | { status: 'cancelled'; reason: string };

/** The parts an agent loop works with for one episode. */
export interface Episode {
  readonly model: Model;
  readonly environment: Environment;
  readonly call: Call;
}

/** A way of playing an episode: open, model and tools in turns, verify, close. Never throws for a failure. */
export interface Agent extends Measures {
  /** Name of the server instance in the config, e.g. `mcqa_simple_agent`. */
  readonly name: string;
  run(row: TaskRow, episode: Episode): Promise<Outcome>;
  /** How its server is, where it runs elsewhere. */
  readonly reach?: Reach;
  /** Releases what belongs to the agent as a whole: sockets. Safe to call twice. */
  dispose?(): Promise<void>;
}

/** Time as a parameter. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Calls `callback` once after `ms`, unless the returned function is called before. For limits that rarely pass. */
  after(ms: number, callback: () => void): () => void;
  /** Calls `callback` once all has been taken in that had come from outside. Absent: that is always so. */
  turn?(callback: () => void): void;
  /** A wait of `ms` that rejects with the signal's reason when it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
