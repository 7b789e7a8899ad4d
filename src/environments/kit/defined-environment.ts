import { thrownText } from '../../errors/index.js';
import { CallFailure, UNKNOWN_TOOL_TEXT, verdictFailure } from '../../protocol/index.js';
import type {
  Call,
  Environment,
  JsonObject,
  PassMajority,
  ResponsesReply,
  ReverifyMode,
  TaskRow,
  Tool,
  ToolResult,
  Verdict,
} from '../../protocol/index.js';
import { RegexBudgetError } from '../../python/index.js';
import { bounded } from './bounded.js';
import type { Bounds } from './bounded.js';
import type { EnvironmentContext, EnvironmentServices } from './definition.js';
import type { EnvironmentSpec, ToolSpec } from './environment-spec.js';
import { describeProblems } from './problems.js';
import { failed, invalidArgumentsText, resultText, toolErrorText, ToolRefusal } from './tool-text.js';

export interface Settings<Config> {
  instanceName: string;
  config: Config;
  services: EnvironmentServices;
  toolMs: number;
  verifyMs: number;
  reverifyMode: ReverifyMode;
}

/** What is kept per episode: the author's session, the row as it came, and the row as the schema reads it. */
interface Opened<Session, Row> {
  session: Session;
  source: TaskRow;
  row: TaskRow & Row;
}

class ToolTimeout extends Error {}

const NO_ROW: TaskRow = { responses_create_params: { input: [] }, _ng_task_index: 0, _ng_rollout_index: 0 };

/** The {@link Environment} that a spec and a checked configuration come to. */
export class DefinedEnvironment<
  Config,
  Row,
  Session,
  Args extends Record<string, unknown>,
> implements Environment {
  readonly name: string;
  readonly tools: readonly string[];
  readonly passMajority?: PassMajority;
  readonly takesAnyTool: boolean;
  readonly metrics?: (tasks: readonly (readonly JsonObject[])[]) => JsonObject;
  readonly keyMetrics?: (agentMetrics: JsonObject) => JsonObject;
  readonly repeats?: Environment['repeats'] & {};
  readonly openUnseeded?: NonNullable<Environment['openUnseeded']>;
  readonly reset?: Environment['reset'];
  readonly step?: Environment['step'];
  /** Tools that have failed. */
  readonly #broken = new Set<string>();
  readonly #tools: ReadonlyMap<string, ToolSpec<Session, unknown, Config>>;

  constructor(
    private readonly spec: EnvironmentSpec<Config, Row, Session, Args>,
    private readonly settings: Settings<Config>,
  ) {
    this.name = settings.instanceName;
    this.#tools = new Map(
      Object.entries((spec.tools ?? {}) as Record<string, ToolSpec<Session, unknown, Config>>),
    );
    this.tools = [...this.#tools.keys()];
    this.takesAnyTool = spec.anyTool !== undefined;
    const { config } = settings;
    if (spec.passMajority !== undefined) {
      const { groups, ...family } = spec.passMajority;
      this.passMajority = { ...family, ...(groups && { groups: (task) => groups(task, config) }) };
    }
    if (spec.repeats !== undefined) this.repeats = spec.repeats;
    if (spec.openUnseeded !== undefined) {
      // No row: whoever is given one checks it.
      this.openUnseeded = () =>
        Promise.resolve({ session: spec.openUnseeded!(), source: NO_ROW, row: NO_ROW });
    }
    if (spec.metrics !== undefined) this.metrics = (tasks) => spec.metrics!(tasks, config);
    if (spec.keyMetrics !== undefined) this.keyMetrics = spec.keyMetrics.bind(spec);
    if (spec.step !== undefined) {
      this.reset = (opened, row, call) => this.#reset(opened, row, call);
      this.step = (opened, row, response, call) => this.#step(opened, row, response, call);
    }
  }

  reverifyMode(): Promise<ReverifyMode> {
    return Promise.resolve(this.settings.reverifyMode);
  }

  declareTools(): readonly Tool[] {
    return [...this.#tools].map(([name, { description, parameters }]) => ({
      type: 'function',
      name,
      description: description ?? null,
      parameters: (parameters?.toJSONSchema() ?? { type: 'object' }) as JsonObject,
      strict: false,
    }));
  }

  async open(source: TaskRow, call: Call): Promise<unknown> {
    const row = this.#checkRow(source);
    let opening: Promise<Session | undefined> | undefined;
    try {
      const session = await this.#inTime('open', call, (context) => {
        const made = this.spec.open?.(row, context);
        if (made instanceof Promise) opening = made;
        return made;
      });
      return { session, source, row };
    } catch (error) {
      // Nobody waits for it any more: a session that is made after all must still be closed.
      opening?.then((session) => this.spec.close?.(session as Session)).catch(() => undefined);
      throw error;
    }
  }

  async callTool(opened: unknown, name: string, args: unknown, call: Call): Promise<ToolResult['output']> {
    return (await this.runTool(opened, name, args, call)).output;
  }

  async runTool(opened: unknown, name: string, args: unknown, call: Call): Promise<ToolResult> {
    const tool = this.#tools.get(name) ?? this.#anyTool(name);
    if (tool === undefined) return failed(UNKNOWN_TOOL_TEXT, 404);
    const parsed = tool.parameters?.safeParse(args);
    if (parsed?.success === false) return failed(invalidArgumentsText(args, parsed.error), 422);
    const { session } = opened as Opened<Session, Row>;
    const limit = {
      ms: this.settings.toolMs,
      clock: this.settings.services.clock,
      onTimeout: () => new ToolTimeout(`no result within ${this.settings.toolMs / 1000} s`),
    };
    try {
      const result = await bounded<unknown>(call, limit, (bounds) =>
        tool.run(session, parsed === undefined ? args : parsed.data, this.#context(bounds)),
      );
      return { output: resultText(result), failed: false };
    } catch (error) {
      if (error instanceof ToolRefusal) return failed(error.message, error.status);
      // A model's mistake or a broken tool is something the model can react to; the end of the episode is not.
      if (error instanceof CallFailure || call.signal.aborted) throw error;
      this.#tellOfTool(name, error);
      const words = error instanceof Error ? error.message : String(error);
      return failed(toolErrorText(`Tool "${name}" failed: ${words}`), 500);
    }
  }

  #anyTool(name: string): ToolSpec<Session, unknown, Config> | undefined {
    if (this.spec.anyTool === undefined) return undefined;
    return { run: (session, args, context) => this.spec.anyTool!(session, name, args, context) };
  }

  async verify(opened: unknown, row: TaskRow, response: ResponsesReply, call: Call): Promise<Verdict> {
    if (this.spec.verify === undefined) {
      throw new CallFailure(
        'verify_failed',
        `Environment "${this.name}" scores step by step: its agent must be a gymnasium_agent.`,
      );
    }
    const parts = { ...this.#opened(opened, row), response };
    const verdict = await this.#inTime('verify', call, (context) =>
      this.spec.verify!(Object.assign(context, parts)),
    );
    const failure = verdictFailure(verdict ?? {}, 'verify_failed', `verify of environment "${this.name}"`);
    if (failure !== undefined) throw failure;
    this.#requireNumber('verify', verdict?.reward);
    return verdict;
  }

  async close(opened: unknown): Promise<void> {
    await this.spec.close?.((opened as Opened<Session, Row>).session);
  }

  async #reset(opened: unknown, row: TaskRow, call: Call) {
    if (this.spec.reset === undefined) return { observation: null, info: {} };
    const parts = this.#opened(opened, row);
    const first = await this.#inTime('reset', call, (context) =>
      this.spec.reset!(Object.assign(context, parts)),
    );
    return { observation: first.observation ?? null, info: first.info ?? {} };
  }

  async #step(opened: unknown, row: TaskRow, response: ResponsesReply, call: Call) {
    const parts = { ...this.#opened(opened, row), response };
    const result = await this.#inTime('step', call, (context) =>
      this.spec.step!(Object.assign(context, parts)),
    );
    const reward = result.reward ?? 0;
    this.#requireNumber('step', reward);
    return {
      observation: result.observation ?? null,
      reward,
      terminated: result.terminated ?? false,
      truncated: result.truncated ?? false,
      info: result.info ?? {},
    };
  }

  /** The row is checked again only when it is not the one that the episode was opened with. */
  #opened(opened: unknown, row: TaskRow): { session: Session; row: TaskRow & Row } {
    const { session, source, row: checked } = opened as Opened<Session, Row>;
    return { session, row: source === row ? checked : this.#checkRow(row) };
  }

  #checkRow(row: TaskRow): TaskRow & Row {
    if (this.spec.row === undefined) return row as TaskRow & Row;
    const parsed = this.spec.row.safeParse(row);
    if (parsed.success) return { ...row, ...parsed.data };
    throw new CallFailure(
      'row_invalid',
      `The row does not fit environment "${this.name}": ${describeProblems(parsed.error).join('; ')}`,
    );
  }

  /** The model is told each time; the user, who can mend it, once per tool. */
  #tellOfTool(name: string, error: unknown): void {
    if (this.#broken.has(name)) return;
    this.#broken.add(name);
    const message = `${this.name}: the tool "${name}" failed, and the model was told so: ${thrownText(error)}`;
    this.settings.services.notify?.({ level: 'warn', message });
  }

  #requireNumber(what: string, reward: unknown): void {
    if (typeof reward === 'number' && Number.isFinite(reward)) return;
    throw new CallFailure(
      'verify_failed',
      `${what} of environment "${this.name}" gave no number as reward, but ${String(reward)}.`,
    );
  }

  #inTime<Result>(
    what: 'open' | 'reset' | 'step' | 'verify',
    call: Call,
    work: (context: EnvironmentContext<Config>) => Result | Promise<Result>,
  ): Promise<Result> {
    const { verifyMs, services } = this.settings;
    const limit = {
      ms: verifyMs,
      clock: services.clock,
      onTimeout: () =>
        new CallFailure(
          what === 'open' || what === 'reset' ? 'open_failed' : 'verify_timeout',
          `${what} of environment "${this.name}" took longer than ${verifyMs / 1000} s (verify_timeout_seconds).`,
          { retryable: true },
        ),
    };
    return bounded(call, limit, (bounds) => work(this.#context(bounds))).catch((error: unknown) => {
      if (!(error instanceof RegexBudgetError)) throw error;
      const problem = `${what} of environment "${this.name}": ${error.message}`;
      throw new CallFailure('verify_timeout', problem, { cause: error });
    });
  }

  /** A fresh object each time; `signal` and `call` stay getters so that they cost nothing when nobody looks at them. */
  #context(bounds: Bounds): EnvironmentContext<Config> {
    const { config, services } = this.settings;
    return {
      config,
      services,
      get call() {
        return bounds.call;
      },
      get signal() {
        return bounds.signal;
      },
    };
  }
}
