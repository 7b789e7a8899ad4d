import { createHash } from 'node:crypto';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import type { RecordedRequest, RecordedResponse, Scenario, Step, UpstreamRequest } from './scenario.js';
import type { ScriptedUpstream } from './upstream.js';

/** What the platform under test lets a test do. */
export interface Subject {
  readonly port: number;
  /** Lets everything that runs by itself come to an end: discovery. */
  settle(): Promise<void>;
}

export interface Played {
  readonly scenario: Scenario;
  readonly index: number;
  readonly step: Step;
  readonly response: RecordedResponse;
  readonly upstream: UpstreamRequest[];
  /** What is not as recorded; empty when all is. */
  readonly unequal: string[];
}

export interface Names {
  readonly tag: string;
  readonly workspaces: Readonly<Record<string, string>>;
}

const agent = new Agent({ keepAlive: true });

const KEPT = ['content-type', 'retry-after', 'location', 'allow'];
const LONG = 6000;

/** Plays one scenario, step by step; the workspace of the scenario is there. */
export async function play(
  scenario: Scenario,
  subject: Subject,
  upstream: ScriptedUpstream,
  names: Names,
): Promise<Played[]> {
  const places: Record<string, string> = {
    ...names.workspaces,
    '${UPSTREAM}': `http://127.0.0.1:${upstream.port}/${names.tag}`,
    '${UPSTREAM_NOSCHEME}': `127.0.0.1:${upstream.port}/${names.tag}`,
    '${UPSTREAM_ADDR}': `127.0.0.1:${upstream.port}`,
    '${SERVER}': `127.0.0.1:${subject.port}`,
  };
  const played: Played[] = [];
  for (const [index, step] of scenario.steps.entries()) {
    if (step.wait_ms !== undefined || step.poll !== undefined) await subject.settle();
    upstream.take(names.tag);
    const response = await ask(step.request, subject.port, places);
    // What the gateway sent may still be on its way to the log when an answer was given early.
    if ((step.upstream ?? []).length > 0) await pause(1);
    const sent = upstream.take(names.tag).map((each) => normal(each, places) as UpstreamRequest);
    const got = normal(response, places) as RecordedResponse;
    played.push({
      scenario,
      index,
      step,
      response: got,
      upstream: sent,
      unequal: differences(step, got, sent),
    });
  }
  return played;
}

function differences(step: Step, response: RecordedResponse, sent: UpstreamRequest[]): string[] {
  const wanted = step.response;
  if (step.dropped !== undefined || wanted === undefined) return [];
  const unequal: string[] = [];
  if (response.status !== wanted.status) unequal.push('status');
  if (step.partial !== undefined) return unequal;
  if (!isDeepStrictEqual(response.headers ?? {}, wanted.headers ?? {})) unequal.push('headers');
  for (const part of ['body', 'text', 'base64', 'text_sha256', 'aborted'] as const) {
    if (!isDeepStrictEqual(sorted(response[part]), sorted(wanted[part]))) unequal.push(part);
  }
  if (!isDeepStrictEqual(sent, step.upstream ?? [])) unequal.push('upstream');
  return unequal;
}

/** The order in which a parser's messages list what it expects changes from start to start. */
function sorted(value: unknown): unknown {
  return value;
}

async function ask(
  recorded: RecordedRequest,
  port: number,
  places: Record<string, string>,
): Promise<RecordedResponse> {
  const { method } = recorded;
  const body = bodyOf(recorded, places);
  const headers: Record<string, string> = {
    'user-agent': 'conformance/1',
    accept: '*/*',
    host: `127.0.0.1:${port}`,
  };
  if (recorded.body !== undefined) headers['content-type'] = 'application/json';
  if (body !== undefined || ['POST', 'PUT', 'PATCH'].includes(method)) {
    headers['content-length'] = String(body?.length ?? 0);
  }
  for (const [name, value] of Object.entries(recorded.headers ?? {})) {
    Reflect.deleteProperty(headers, name.toLowerCase());
    // Bytes of UTF-8, each as one character.
    if (value !== null) headers[name] = Buffer.from(placed(value, places)).toString('latin1');
  }
  const path = Buffer.from(placed(recorded.path, places)).toString('latin1');
  return await new Promise((resolve, reject) => {
    const asked = httpRequest({ host: '127.0.0.1', port, method, path, headers, agent });
    asked.on('error', reject);
    asked.on('response', (reply) => {
      const chunks: Buffer[] = [];
      reply.on('data', (chunk: Buffer) => chunks.push(chunk));
      const done = (aborted: boolean) => (): void =>
        resolve(formOf(recorded, reply, Buffer.concat(chunks), aborted));
      reply.once('end', done(false));
      reply.once('error', done(true));
    });
    asked.end(body);
  });
}

function bodyOf(recorded: RecordedRequest, places: Record<string, string>): Buffer | undefined {
  if (recorded.body !== undefined) return Buffer.from(placed(JSON.stringify(recorded.body), places));
  if (recorded.text !== undefined) return Buffer.from(placed(recorded.text, places));
  if (recorded.base64 !== undefined) return Buffer.from(recorded.base64, 'base64');
  if (recorded.repeat === undefined) return undefined;
  const [before, unit, times, after] = recorded.repeat;
  return Buffer.from(placed(before + unit.repeat(times) + after, places));
}

function formOf(
  recorded: RecordedRequest,
  reply: IncomingMessage,
  bytes: Buffer,
  aborted: boolean,
): RecordedResponse {
  const kept = [...KEPT, ...(recorded.record ?? [])];
  const headers = Object.fromEntries(
    kept.flatMap((name) => (reply.headers[name] === undefined ? [] : [[name, String(reply.headers[name])]])),
  );
  const form: RecordedResponse = { status: reply.statusCode ?? 0, headers, ...(aborted && { aborted }) };
  if (bytes.length === 0) return form;
  const text = bytes.toString();
  if (!Buffer.from(text).equals(bytes)) return { ...form, base64: bytes.toString('base64') };
  const json = /json/.test(headers['content-type'] ?? '') && recorded.raw !== true;
  if (json) {
    try {
      return { ...form, body: JSON.parse(text) as unknown };
    } catch {
      // Shown as text.
    }
  }
  if (text.length <= 20_000) return { ...form, text };
  return { ...form, text_sha256: createHash('sha256').update(bytes).digest('hex'), text_length: text.length };
}

function placed(text: string, places: Record<string, string>): string {
  return Object.entries(places).reduce((done, [name, value]) => done.replaceAll(name, value), text);
}

const PATTERNS: readonly [RegExp, string][] = [
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, '${TSZ}'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?\+00:00/g, '${TS+00:00}'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?/g, '${TS}'],
  [
    /\b(workspace|project|secret|model-provider|model-deployment-config|model-deployment|virtual-model|fileset|adapter|prompt|model)-[1-9A-HJ-NP-Za-km-z]{20,23}(?![1-9A-Za-z-])/g,
    '${ID:$1}',
  ],
  [/\bvirtual-model-[0-9a-z]{5}\b/g, '${ID:virtual-model-name}'],
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '${UUID}'],
];

/** Names in the place of what differs from run to run, as in the recording. */
function normal(value: unknown, places: Record<string, string>): unknown {
  if (typeof value === 'string') return normalText(value, places);
  if (Array.isArray(value)) return value.map((item) => normal(item, places));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [normalText(key, places), normal(item, places)]),
  );
}

function normalText(text: string, places: Record<string, string>): string {
  const order = ['${UPSTREAM}', '${UPSTREAM_NOSCHEME}', '${UPSTREAM_ADDR}', '${SERVER}'];
  const names = [...order, ...Object.keys(places).filter((name) => !order.includes(name))];
  let done = names.reduce((left, name) => left.replaceAll(places[name]!, name), text);
  for (const [pattern, name] of PATTERNS) done = done.replace(pattern, name);
  if (done.length <= LONG) return done;
  return `\${LONG:${done.length}:${createHash('sha256').update(done).digest('hex')}}`;
}
