import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Json, JsonObject } from '../../protocol/index.js';
import { isObject } from '../../protocol/index.js';
import type { RecordedAnswers } from '../../models/index.js';
import type { JudgeSays } from './case.js';
import { message, replyOf } from './reply.js';

interface Answer {
  readonly status: number;
  readonly body: Json;
}

/** The text of a Chat Completions reply; undefined for any other body. */
function chatText(body: Json): string | undefined {
  if (!isObject(body) || !Array.isArray(body['choices'])) return undefined;
  const [choice] = body['choices'];
  const said = isObject(choice) && isObject(choice['message']) ? choice['message']['content'] : undefined;
  return typeof said === 'string' ? said : '';
}

function answerOf(says: JudgeSays): Answer {
  if (typeof says === 'string') return { status: 200, body: replyOf([message(says)]) as unknown as Json };
  const text = chatText(says.reply.body);
  return text === undefined ? says.reply : answerOf(text);
}

async function bodyOf(request: IncomingMessage): Promise<JsonObject> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString()) as JsonObject;
}

const NOTHING = {
  error: { message: 'the case says nothing of this question to a judge', code: 'not_in_case' },
};

/**
 * The provider behind every model server of a trial, on loopback: it says what the case says, in order, then what
 * `recorded` has for the question.
 */
export class TrialJudge {
  #left: JudgeSays[] = [];
  readonly #server: Server;

  private constructor(private readonly recorded: RecordedAnswers | undefined) {
    this.#server = createServer((request, response) => {
      void bodyOf(request).then(
        (body) => {
          const { status, text } = this.#answer(request.url ?? '', body);
          response.writeHead(status, { 'content-type': 'application/json' }).end(text);
        },
        () => response.destroy(),
      );
    });
  }

  static async start(recorded?: RecordedAnswers): Promise<TrialJudge> {
    const judge = new TrialJudge(recorded);
    await new Promise<void>((resolve, reject) => {
      judge.#server.once('error', reject);
      judge.#server.listen(0, '127.0.0.1', resolve);
    });
    return judge;
  }

  /** Where it is asked. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  #answer(url: string, body: JsonObject): { status: number; text: string } {
    const next = this.#left.shift();
    return next === undefined ? (this.recorded?.(url, body) ?? none()) : told(next);
  }

  /** What it says from now on. */
  begin(says: readonly JudgeSays[] = []): void {
    this.#left = [...says];
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

function told(says: JudgeSays): { status: number; text: string } {
  const { status, body } = answerOf(says);
  return { status, text: typeof body === 'string' ? body : JSON.stringify(body) };
}

const none = (): { status: number; text: string } => ({ status: 404, text: JSON.stringify(NOTHING) });
