import { z } from 'zod';
import { defineEnvironment } from '../../src/environments/index.js';
import type { Call, ResponsesReply, TaskRow } from '../../src/protocol/index.js';
import type { ServerContext } from '../../src/serve/server.js';
import { systemClock } from '../../src/transport/index.js';

export const SECRET = 'sk-very-secret-value-1234';

export function context(over: Partial<ServerContext> = {}): ServerContext {
  return {
    clock: systemClock,
    token: null,
    maxBodyBytes: 1024 * 1024,
    redact: (text) => text.replaceAll(SECRET, '****'),
    redactContent: (text) => text.replaceAll(SECRET, '****'),
    ...over,
  };
}

export function call(over: Partial<Call> = {}): Call {
  return {
    signal: new AbortController().signal,
    deadline: null,
    episodeId: '0-0',
    rolloutIndex: 0,
    attempts: [],
    onPhase: () => undefined,
    ...over,
  };
}

export function row(extra: Record<string, unknown> = {}): TaskRow {
  return {
    responses_create_params: { input: [{ role: 'user', content: 'count' }] },
    _ng_task_index: 0,
    _ng_rollout_index: 0,
    ...extra,
  };
}

export function reply(text = 'done'): ResponsesReply {
  return {
    id: 'resp_1',
    object: 'response',
    created_at: 1,
    model: 'm',
    status: 'completed',
    output: [
      {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        status: 'completed',
        content: [{ type: 'output_text', text, annotations: [] }],
      },
    ],
    usage: null,
  };
}

/** Counts with a tool; the reward says whether the row's number was reached. Tells of opened and closed sessions. */
export function counter(name = 'counter') {
  const sessions = { opened: 0, closed: 0 };
  const definition = defineEnvironment({
    name: 'counter',
    row: z.object({ wanted: z.number() }).partial(),
    open: () => {
      sessions.opened += 1;
      return { total: 0 };
    },
    tools: {
      add: {
        parameters: z.object({ amount: z.number() }),
        run: (session: { total: number }, { amount }) => {
          session.total += amount;
          return { total: session.total };
        },
      },
      fail: {
        parameters: z.unknown(),
        run: () => {
          throw new Error(`broken, and ${SECRET} leaks`);
        },
      },
    },
    verify: ({ session, row: { wanted } }) => {
      if (wanted === undefined) throw new Error(`no wanted number; ${SECRET}`);
      return { reward: session.total === wanted ? 1 : 0, total: session.total };
    },
    close: () => {
      sessions.closed += 1;
    },
  });
  const environment = definition.create(name, {}, { clock: systemClock, random: Math.random });
  return { environment, sessions };
}

/** Closes what was opened in a test, last first. */
export class Cleanup {
  readonly #steps: (() => unknown)[] = [];

  add<Thing extends { close(graceMs: number): Promise<unknown> }>(thing: Thing): Thing {
    this.#steps.push(() => thing.close(0));
    return thing;
  }

  after(step: () => unknown): void {
    this.#steps.push(step);
  }

  async run(): Promise<void> {
    for (const step of this.#steps.splice(0).reverse()) await step();
  }
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** Parsed; undefined when it is not JSON. */
  body: ReturnType<typeof JSON.parse>;
}

export async function post(
  url: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return answer(response);
}

export async function get(url: string, headers: Record<string, string> = {}): Promise<Answer> {
  return answer(await fetch(url, { headers }));
}

async function answer(response: Response): Promise<Answer> {
  const text = await response.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  return { status: response.status, headers: response.headers, text, body };
}

/** The session cookie of an answer, as a `Cookie` header. */
export function cookieOf({ headers }: Answer): { cookie: string } {
  return { cookie: headers.get('set-cookie')!.split(';')[0]! };
}
