import { CallFailure, isObject, UNKNOWN_TOOL_TEXT } from '../../protocol/index.js';
import type {
  Call,
  Environment,
  ResponsesReply,
  ReverifyMode,
  TaskRow,
  Tool,
  ToolResult,
  Verdict,
} from '../../protocol/index.js';
import { NgError } from '../../errors/index.js';
import { failed, toolErrorText } from '../kit/tool-text.js';
import { connectMcp, type McpConnection } from './connect.js';
import type { McpSettings } from './settings.js';

interface McpSession {
  readonly inner: unknown;
  readonly connection: McpConnection;
}

/** A tool that has not answered after this is told to the model as failed. Unit: milliseconds. */
const TOOL_MS = 120_000;

/** An environment with the tools of an MCP server beside its own; its own win where names are the same. */
export class McpEnvironment implements Environment {
  readonly name: string;
  #shared: Promise<McpConnection> | undefined;
  #declared: readonly Tool[] = [];

  constructor(
    private readonly inner: Environment,
    private readonly settings: McpSettings,
  ) {
    this.name = inner.name;
    // What is optional stays absent where the environment does not have it.
    if (inner.passMajority !== undefined) this.passMajority = inner.passMajority;
    if (inner.metrics !== undefined) this.metrics = (tasks) => inner.metrics!(tasks);
    if (inner.measure !== undefined) this.measure = (body, call) => inner.measure!(body, call);
    if (inner.keyMetrics !== undefined) this.keyMetrics = (metrics) => inner.keyMetrics!(metrics);
  }

  readonly passMajority?: NonNullable<Environment['passMajority']>;
  readonly metrics?: NonNullable<Environment['metrics']>;
  readonly measure?: NonNullable<Environment['measure']>;
  readonly keyMetrics?: NonNullable<Environment['keyMetrics']>;

  get tools(): readonly string[] {
    return [...new Set([...this.inner.tools, ...this.#declared.map(({ name }) => name!)])];
  }

  declareTools(): readonly Tool[] {
    return [...(this.inner.declareTools?.() ?? []), ...this.#declared];
  }

  async listTools(): Promise<readonly Tool[]> {
    const inner = await this.inner.listTools?.();
    if (this.#declared.length === 0) {
      const connection = await this.#reach();
      if (!this.settings.shared) await connection.close();
    }
    return [...(inner ?? this.inner.declareTools?.() ?? []), ...this.#declared];
  }

  reverifyMode(): Promise<ReverifyMode> {
    return this.inner.reverifyMode?.() ?? Promise.resolve('unknown');
  }

  async open(row: TaskRow, call: Call): Promise<McpSession> {
    const inner = await this.inner.open(row, call);
    try {
      return { inner, connection: await this.#reach() };
    } catch (error) {
      await this.inner.close(inner);
      throw error;
    }
  }

  async callTool(session: unknown, name: string, args: unknown, call: Call): Promise<ToolResult['output']> {
    return (await this.runTool(session, name, args, call)).output;
  }

  async runTool(session: unknown, name: string, args: unknown, call: Call): Promise<ToolResult> {
    const { inner, connection } = session as McpSession;
    if (this.inner.tools.includes(name)) {
      const known = await this.inner.runTool?.(inner, name, args, call);
      return known ?? { output: await this.inner.callTool(inner, name, args, call), failed: false };
    }
    if (!connection.tools.some((tool) => tool.name === name)) return failed(UNKNOWN_TOOL_TEXT);
    if (!isObject(args) && args !== null) {
      return failed(toolErrorText(`Tool "${name}" takes an object of arguments`));
    }
    try {
      return await connection.call(name, args ?? {}, call, TOOL_MS);
    } catch (error) {
      call.signal.throwIfAborted();
      const words = error instanceof Error ? error.message : String(error);
      return failed(toolErrorText(`Tool "${name}" failed: ${words}`));
    }
  }

  verify(session: unknown, row: TaskRow, response: ResponsesReply, call: Call): Promise<Verdict> {
    return this.inner.verify((session as McpSession).inner, row, response, call);
  }

  async close(session: unknown): Promise<void> {
    const { inner, connection } = session as McpSession;
    try {
      if (!this.settings.shared) await connection.close();
    } finally {
      await this.inner.close(inner);
    }
  }

  async dispose(): Promise<void> {
    const shared = this.#shared;
    this.#shared = undefined;
    await (await shared?.catch(() => undefined))?.close();
    await this.inner.dispose?.();
  }

  /** A connection, or the failure of an episode that cannot have one. */
  async #reach(): Promise<McpConnection> {
    try {
      return await this.#connection();
    } catch (error) {
      if (error instanceof NgError) throw error;
      const message = error instanceof Error ? error.message : String(error);
      throw new CallFailure('open_failed', `${this.name}: the MCP server: ${message}`, { retryable: true });
    }
  }

  async #connection(): Promise<McpConnection> {
    if (!this.settings.shared) return this.#connect();
    this.#shared ??= this.#connect();
    try {
      return await this.#shared;
    } catch (error) {
      // The next episode tries anew.
      this.#shared = undefined;
      throw error;
    }
  }

  async #connect(): Promise<McpConnection> {
    const connection = await connectMcp(this.settings);
    this.#declared = connection.tools;
    return connection;
  }
}
