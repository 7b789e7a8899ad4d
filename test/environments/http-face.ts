import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadEnvironment } from '../../src/environments/index.js';
import { NgError } from '../../src/errors/index.js';
import { resolveConfig, startServers } from '../../src/index.js';
import type { Json, JsonObject, ResponsesReply } from '../../src/protocol/index.js';
import { cookieOf, post, type Answer } from '../serve/support.js';
import { referenceRoots } from '../support/reference.js';
import type { Case } from './oracle.js';
import { answeredSteps, dealing } from './oracle.js';
import { services } from './support.js';

/** What the model servers of judges are: one that speaks to a provider, or one that runs elsewhere itself. */
export type JudgeServer = 'provider' | 'elsewhere';

/** What a case came to over HTTP: the last answer, and those of the tools or of the steps before it, in order. */
export interface OverHttp {
  readonly answer: Answer;
  readonly before: readonly Answer[];
}

/**
 * The address behind every judge of a face: it says what the script of the current case says, in order, and its last word
 * again to whoever asks once more.
 */
class Script {
  #left: NonNullable<Case['judge']> = [];
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      request.resume().on('end', () => {
        const reply = (this.#left.length > 1 ? this.#left.shift() : this.#left[0])?.reply ?? NOT_ASKED;
        response.writeHead(reply.status, { 'content-type': 'application/json' });
        response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body));
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  begin({ judge = [] }: Case): void {
    this.#left = [...judge];
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** To a question that the case has none of: a probe of the endpoint, after one that failed. */
const NOT_ASKED = { status: 404, body: { error: { message: 'the case asks no judge' } } };

/** Names of the model servers that a block refers to. */
function judgesIn(value: Json | undefined): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { type, name } = value as JsonObject;
  if (type === 'responses_api_models' && typeof name === 'string') return [name];
  return Object.values(value).flatMap(judgesIn);
}

/** A judge's block: one try, since a script says each thing once. */
function judgeBlock(kind: JudgeServer, url: string, chat: boolean): JsonObject {
  const of = (implementation: string, block: JsonObject): JsonObject => ({
    responses_api_models: { [implementation]: { entrypoint: 'app.py', max_attempts: 1, ...block } },
  });
  if (kind === 'elsewhere') return of('genrm_model', { base_url: url });
  const named = { base_url: url, api_key: 'none', model: 'judge' };
  return chat ? of('inference_provider', named) : of('openai_model', named);
}

const whole = new Set([404, 405, 409, 413, 415]);

/** An environment with each configuration of some cases as a block of its own, served as `ng_run` does. */
export class HttpFace {
  /** Index of the block of each configuration; undefined for one that is refused as a whole. */
  readonly #blocks: Map<string, string | undefined>;
  readonly #script = new Script();
  #served: Awaited<ReturnType<typeof startServers>> | undefined;
  #urls = new Map<string, string>();
  #deal: () => number = () => 0.5;

  private constructor(private readonly name: string) {
    this.#blocks = new Map();
  }

  static async open(name: string, cases: readonly Case[], judges: JudgeServer): Promise<HttpFace> {
    const face = new HttpFace(name);
    const url = await face.#script.listen();
    const chat = cases.some(({ judge = [] }) => judge.some(({ request }) => request.path.includes('chat')));
    const servers: JsonObject = {};
    for (const { config } of cases) {
      const key = JSON.stringify(config);
      if (face.#blocks.has(key)) continue;
      const instance = `case_${face.#blocks.size}`;
      const made = await face.#isMade(config);
      face.#blocks.set(key, made ? instance : undefined);
      if (!made) continue;
      const block = { entrypoint: 'app.py', domain: 'other', ...config };
      servers[instance] = { resources_servers: { [name]: block } };
      for (const judge of judgesIn(config)) servers[judge] = judgeBlock(judges, url, chat);
    }
    if (Object.keys(servers).length === 0) return face;
    const resolved = await resolveConfig({
      overrides: ['++head_server.port=0'],
      initial: servers,
      cwd: tmpdir(),
      env: { NEMO_GYM_EXTRA_ROOTS: referenceRoots().join(path.delimiter) },
    });
    face.#served = await startServers(resolved, { random: () => face.#deal() });
    face.#urls = new Map(face.#served.instances.map((one) => [one.process_name, one.url]));
    return face;
  }

  /** Whether a configuration can be served; what is refused as a whole is not. */
  async #isMade(config: JsonObject): Promise<boolean> {
    const given = { ...services, roots: [...services.roots!, ...referenceRoots()] };
    try {
      (await loadEnvironment(this.name))!.create(this.name, config, given);
      return true;
    } catch (error) {
      if (error instanceof NgError) return false;
      throw error;
    }
  }

  /** Plays a case in a session of its own; undefined where its configuration is refused. */
  async play(one: Case): Promise<OverHttp | undefined> {
    const instance = this.#blocks.get(JSON.stringify(one.config));
    if (instance === undefined) return undefined;
    this.#script.begin(one);
    this.#deal = dealing(one.deck ?? []);
    const url = this.#urls.get(instance)!;
    return one.reset === undefined ? episode(url, one) : game(url, one);
  }

  async close(): Promise<void> {
    await this.#served?.close(0);
    this.#script.close();
  }
}

type Jar = Partial<ReturnType<typeof cookieOf>>;

/** The cookies of the answer, or those that there were. */
function after(answer: Answer, jar: Jar): Jar {
  return answer.headers.get('set-cookie') === null ? jar : cookieOf(answer);
}

const asked = (row: JsonObject, response: ResponsesReply | null | undefined): string =>
  JSON.stringify({ ...row, response });

async function episode(url: string, one: Case): Promise<OverHttp> {
  let jar: Jar = {};
  if (one.seed_session !== undefined) {
    jar = after(await post(`${url}/seed_session`, JSON.stringify(one.row)), jar);
  }
  const before: Answer[] = [];
  for (const { tool, arguments: args } of one.session ?? []) {
    const told = await post(`${url}/${tool}`, JSON.stringify(args), jar);
    before.push(told);
    jar = after(told, jar);
  }
  const answer = await post(`${url}/verify`, asked(one.row, one.response), jar);
  if (whole.has(answer.status)) throw new Error(`${url}/verify: ${answer.status} ${answer.text}`);
  return { answer, before };
}

async function game(url: string, one: Case): Promise<OverHttp> {
  const before: Answer[] = [];
  let answer = await post(`${url}/reset`, JSON.stringify(one.row));
  for (const { response } of answeredSteps(one)) {
    before.push(answer);
    answer = await post(`${url}/step`, asked(one.row, response), after(before[0]!, {}));
  }
  return { answer, before };
}
