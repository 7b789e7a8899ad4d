import type { z } from 'zod';
import type {
  JsonObject,
  PassMajority,
  ResponsesReply,
  ReverifyMode,
  StepResult,
  TaskRow,
  Verdict,
} from '../../protocol/index.js';
import type { EnvironmentContext, EnvironmentSetup } from './definition.js';

type Awaitable<Value> = Value | Promise<Value>;

/** A tool that the model may call. */
export interface ToolSpec<Session, Args, Config> {
  /** What the tool does, for those who list the tools (MCP); models read the dataset's declarations. */
  description?: string;
  /** Checked before `run`; arguments that do not fit are answered with a 422-like text. Absent = anything goes. */
  parameters?: z.ZodType<Args>;
  /**
   * The result goes back to the model: a string as it is, anything else as compact JSON. What it throws goes
   * back as an error text; a {@link CallFailure} ends the episode as failed instead.
   */
  run(session: Session, args: Args, context: EnvironmentContext<Config>): unknown;
}

/** Arguments of `verify` and `step`. */
export interface Played<Session, Row, Config> extends EnvironmentContext<Config> {
  readonly session: Session;
  /** The dataset row; the fields of the row schema are checked and converted. */
  readonly row: TaskRow & Row;
  /** `verify`: the last reply with the output of all turns. `step`: the reply of this turn. */
  readonly response: ResponsesReply;
}

/** What an environment is made of, but for how it scores. */
interface EnvironmentParts<Config, Row, Session, Args extends Record<string, unknown>> {
  /** Name of the implementation, e.g. `mcqa`. */
  name: string;
  /** Schema of the server's own config keys; the common keys are known without it. */
  config?: z.ZodType<Config>;
  /**
   * Those of your keys that decide no reward (a cache folder, a limit of requests): a run may be resumed with other
   * values. A change of any other key makes another run.
   */
  operational?: readonly string[];
  /** Raise it when rewards change for a reason that your files do not show, such as data from elsewhere. */
  version?: number | string;
  /** Schema of the row keys that this environment reads; a row that does not fit fails as `row_invalid`. */
  row?: z.ZodType<Row>;
  /** Runs once, before any episode: reads what is needed beside the block. Throws NgError for what is missing. */
  prepare?(setup: EnvironmentSetup<Config>): void;
  /** Starts the state of one episode. */
  open?(row: TaskRow & Row, context: EnvironmentContext<Config>): Awaitable<Session>;
  /** The state for a tool that is called over HTTP before any episode began. Default: that of an empty row. */
  openUnseeded?(): Session;
  /** Keys of the row that an answer over HTTP repeats beside the verdict; `all`: whatever the row has. */
  repeats?: readonly string[] | 'all';
  tools?: { [Name in keyof Args]: ToolSpec<Session, Args[Name], Config> };
  /** Answers a call of any other name, as a tool's `run` does. Absent = the model is told that there is none. */
  anyTool?(session: Session, name: string, args: unknown, context: EnvironmentContext<Config>): unknown;
  /** Turn-taking environments: the first observation. */
  reset?(
    played: Omit<Played<Session, Row, Config>, 'response'>,
  ): Awaitable<{ observation?: string | null; info?: JsonObject }>;
  /** Always runs at the end of an episode that was opened. */
  close?(session: Session): Awaitable<void>;
  /**
   * `stateless` = the verdict needs row and response only. Default: what the definition shows (no `open`, or no tools,
   * or a `verify` that takes no `session`), else `unknown`; step-scored: `unsupported`.
   */
  reverifyMode?: ReverifyMode;
  passMajority?: Omit<PassMajority, 'groups'> & {
    groups?: (task: readonly JsonObject[], config: Config) => readonly string[];
  };
  metrics?(tasks: readonly (readonly JsonObject[])[], config: Config): JsonObject;
  keyMetrics?(agentMetrics: JsonObject): JsonObject;
  /** Seconds; default 120. `tool_timeout_seconds` in the config wins. */
  toolTimeoutSeconds?: number;
  /** Seconds, also for `open`, `reset` and `step`; default 600. `verify_timeout_seconds` in the config wins. */
  verifyTimeoutSeconds?: number;
}

interface Verifying<Config, Row, Session> {
  /** Scores a finished episode. Throw when that cannot be done: a reward is never invented. */
  verify(played: Played<Session, Row, Config>): Awaitable<Verdict>;
}

interface Stepping<Config, Row, Session> {
  /** Turn-taking environments: one reply in, the next observation and reward out. */
  step(played: Played<Session, Row, Config>): Awaitable<Partial<StepResult>>;
}

/** Everything there is to say about a task family, `verify` or `step` among it; see docs/environments.md. */
export type EnvironmentSpec<Config, Row, Session, Args extends Record<string, unknown>> = EnvironmentParts<
  Config,
  Row,
  Session,
  Args
> &
  (
    | (Verifying<Config, Row, Session> & Partial<Stepping<Config, Row, Session>>)
    | (Stepping<Config, Row, Session> & Partial<Verifying<Config, Row, Session>>)
  );
