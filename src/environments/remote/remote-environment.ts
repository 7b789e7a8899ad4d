import { randomUUID } from 'node:crypto';
import {
  CallFailure,
  header,
  SESSION_HEADERS,
  UNKNOWN_TOOL_TEXT,
  verdictFailure,
} from '../../protocol/index.js';
import type {
  Call,
  Environment,
  FailureKind,
  JsonObject,
  Reach,
  ResponsesReply,
  ReverifyMode,
  StepResult,
  TaskRow,
  ToolResult,
  Verdict,
} from '../../protocol/index.js';
import { expandRequest } from '../../translate/index.js';
import { askMetrics, CookieJar } from '../../transport/index.js';
import type { Peer } from '../../transport/index.js';
import { failed, toolErrorText } from '../kit/tool-text.js';
import { replyFailure, replyObject } from './remote-failures.js';
import { readStep, readToolReply, readVerdict, type Reset } from './remote-replies.js';

export interface RemoteSettings {
  name: string;
  peer: Peer;
  /** Most time for one tool call, and for one of everything else. Unit: milliseconds. */
  toolMs: number;
  verifyMs: number;
}

/** One episode with the server: its cookies and what the server said it can do. */
interface RemoteSession {
  readonly jar: CookieJar;
  /** `POST /close` is there, and there is something left to close. */
  closable: boolean;
  /** The same step may be asked for twice. */
  stepIds: boolean;
  /** How often the server had gone away when the session was opened. */
  outages: number;
}

/** A tool's name becomes a path: only what a function may be called, and nothing that is a route itself. */
const TOOL_NAME = /^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,127}$/;
const ROUTES = new Set(['seed_session', 'verify', 'aggregate_metrics', 'reverify_mode', 'mcp']);

/** An environment that runs elsewhere and is spoken to over HTTP, of ours or of the reference's. */
export class RemoteEnvironment implements Environment {
  readonly name: string;
  /** The server knows; any name that can be a tool is passed on. */
  readonly tools: readonly string[] = [];
  /** Known after the first try: gymnasium servers have no `/seed_session`. */
  #seeds = true;

  readonly reach?: Reach;

  constructor(private readonly settings: RemoteSettings) {
    this.name = settings.name;
    if (settings.peer.reach !== undefined) this.reach = settings.peer.reach;
  }

  async open(row: TaskRow, call: Call): Promise<RemoteSession> {
    const session: RemoteSession = {
      jar: new CookieJar(),
      closable: false,
      stepIds: false,
      outages: this.settings.peer.outages,
    };
    if (!this.#seeds) return session;
    const reply = await this.#post('/seed_session', session, expanded(row), call);
    session.outages = this.settings.peer.outages;
    if (reply.status === 404 || reply.status === 405) {
      this.#seeds = false;
      return session;
    }
    if (reply.status === 422) throw replyFailure(reply, this.#url('/seed_session'), 'row_invalid');
    if (reply.status >= 300) throw replyFailure(reply, this.#url('/seed_session'), 'open_failed');
    session.closable = header(reply.headers, SESSION_HEADERS.close) !== undefined;
    return session;
  }

  /** What the server says of itself; whoever does not say, or cannot be asked, is unknown. */
  async reverifyMode(): Promise<ReverifyMode> {
    const call: Call = { ...DETACHED, signal: new AbortController().signal };
    try {
      const { peer } = this.settings;
      const jar = new CookieJar();
      const options = {
        method: 'GET' as const,
        path: '/reverify_mode',
        jar,
        timeoutMs: MODE_MS,
        replaySafe: true,
      };
      const reply = await peer.request(options, call);
      const said: unknown = reply.status === 200 ? JSON.parse(reply.text) : null;
      return said === 'stateless' || said === 'unsupported' ? said : 'unknown';
    } catch {
      return 'unknown';
    }
  }

  async callTool(session: unknown, name: string, args: unknown, call: Call): Promise<ToolResult['output']> {
    return (await this.runTool(session, name, args, call)).output;
  }

  async runTool(session: unknown, name: string, args: unknown, call: Call): Promise<ToolResult> {
    const remote = session as RemoteSession;
    if (!TOOL_NAME.test(name) || ROUTES.has(name) || (name === 'close' && remote.closable)) {
      return failed(UNKNOWN_TOOL_TEXT);
    }
    try {
      // Whatever the status: a 404, 422 or 500 is something that the model can react to.
      return readToolReply(
        await this.#post(`/${name}`, remote, args, call, { timeoutMs: this.settings.toolMs }),
      );
    } catch (error) {
      if (!(error instanceof CallFailure) || error.kind !== 'timeout_call') throw error;
      return failed(
        toolErrorText(`Tool "${name}" failed: no result within ${this.settings.toolMs / 1000} s`),
      );
    }
  }

  async verify(session: unknown, row: TaskRow, response: ResponsesReply, call: Call): Promise<Verdict> {
    const remote = session as RemoteSession;
    const reply = await this.#timed('verify_timeout', () =>
      this.#post('/verify', remote, { ...expanded(row), response }, call),
    );
    const body = replyObject(reply, this.#url('/verify'), 'verify_failed');
    const failure = verdictFailure(body, 'verify_failed', this.#url('/verify'));
    if (failure !== undefined) throw failure;
    const verdict = readVerdict(body, this.#url('/verify'));
    remote.closable = false;
    return verdict;
  }

  async close(session: unknown): Promise<void> {
    const remote = session as RemoteSession;
    if (!remote.closable) return;
    remote.closable = false;
    // The episode may have been cancelled: its signal would stop this call before it began.
    const call: Call = { ...DETACHED, signal: new AbortController().signal };
    try {
      await this.#post('/close', remote, {}, call, { timeoutMs: CLOSE_MS, replaySafe: true });
    } catch {
      // The server's own time limit ends the session.
    }
  }

  async reset(session: unknown, row: TaskRow, call: Call): Promise<Reset> {
    const remote = session as RemoteSession;
    const reply = await this.#timed('open_failed', () => this.#post('/reset', remote, expanded(row), call));
    if (reply.status === 422) throw replyFailure(reply, this.#url('/reset'), 'row_invalid');
    const body = replyObject(reply, this.#url('/reset'), 'open_failed');
    const info = (body['info'] ?? {}) as JsonObject;
    const offers = (name: string): boolean => header(reply.headers, name) !== undefined;
    remote.closable = info['supports_explicit_close'] === true || offers(SESSION_HEADERS.close);
    remote.stepIds = info['supports_step_idempotency'] === true || offers(SESSION_HEADERS.stepIds);
    return { observation: (body['observation'] ?? null) as string | null, info };
  }

  async step(session: unknown, row: TaskRow, response: ResponsesReply, call: Call): Promise<StepResult> {
    const remote = session as RemoteSession;
    const id = remote.stepIds ? { _ng_step_request_id: randomUUID().replaceAll('-', '') } : {};
    const body = { ...expanded(row), response, ...id };
    const reply = await this.#timed('verify_timeout', () =>
      this.#post('/step', remote, body, call, { replaySafe: remote.stepIds }),
    );
    return readStep(replyObject(reply, this.#url('/step'), 'verify_failed'), this.#url('/step'));
  }

  measure(body: string, call: Call): Promise<string | null> {
    return askMetrics(this.settings.peer, body, call);
  }

  dispose(): Promise<void> {
    return this.settings.peer.close();
  }

  #url(path: string): string {
    return this.settings.peer.baseUrl + path;
  }

  #post(
    path: string,
    session: RemoteSession,
    body: unknown,
    call: Call,
    options: { timeoutMs?: number; replaySafe?: boolean } = {},
  ) {
    const { jar } = session;
    return this.settings.peer.request(
      {
        path,
        jar,
        check: () => this.#requireSession(session),
        timeoutMs: options.timeoutMs ?? this.settings.verifyMs,
        replaySafe: options.replaySafe ?? false,
        // JSON null has no body, as the reference's agents send it.
        ...(body !== null && body !== undefined && { body: JSON.stringify(body) }),
      },
      call,
    );
  }

  /** A server that went away has forgotten its sessions: what it would answer now is no measure of the model. */
  #requireSession({ jar, outages }: RemoteSession): void {
    if (outages === this.settings.peer.outages || jar.header() === undefined) return;
    const text = `${this.settings.peer.baseUrl} went away during the episode, and its session with it`;
    throw new CallFailure('connection_reset', text, { retryable: true });
  }

  /** A time limit that passed is named after what it was for. */
  async #timed<Result>(kind: FailureKind, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof CallFailure) || error.kind !== 'timeout_call') throw error;
      throw new CallFailure(kind, error.message, error.details);
    }
  }
}

const CLOSE_MS = 5_000;
const MODE_MS = 30_000;

const DETACHED: Omit<Call, 'signal'> = {
  deadline: null,
  episodeId: 'closing',
  rolloutIndex: 0,
  attempts: [],
  onPhase: () => undefined,
};

/** As the reference's agents send rows: the create-params with every field. */
function expanded(row: TaskRow): TaskRow {
  return {
    ...row,
    responses_create_params: expandRequest(
      row.responses_create_params,
    ) as unknown as TaskRow['responses_create_params'],
  };
}
