import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { conformancePath } from '../../support/conformance.js';
import { pythonJson } from './python.js';
import type { UpstreamRequest } from './scenario.js';

interface Reply {
  status?: number;
  headers?: Record<string, string>;
  json?: unknown;
  text?: string;
  base64?: string;
  sse?: string[];
  repeat?: [string, number];
  delay_ms?: number;
  abort?: boolean;
  needs?: Record<string, string>;
}

interface Script {
  lists: Record<string, Reply>;
  rules: Record<string, Reply>;
  defaults: { ends: string; stream?: boolean; reply: Reply }[];
}

/** Headers that depend on the connection, not on the gateway. */
const NOISE = new Set([
  'host',
  'connection',
  'accept-encoding',
  'content-length',
  'transfer-encoding',
  'traceparent',
  'tracestate',
  'keep-alive',
]);

export interface ScriptedUpstream {
  readonly port: number;
  /** The requests of one tag since the last call. */
  take(tag: string): UpstreamRequest[];
  close(): Promise<void>;
}

/** The upstream that the reference was recorded with: its answers are in the conformance data. */
export async function startScriptedUpstream(): Promise<ScriptedUpstream> {
  const script = JSON.parse(readFileSync(conformancePath('platform', 'upstream.json'), 'utf8')) as Script;
  const log = new Map<string, UpstreamRequest[]>();
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    take(tag) {
      const taken = log.get(tag) ?? [];
      log.delete(tag);
      return taken;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, tag = '', rest = ''] = /^\/+([^/]*)(.*)$/s.exec(request.url ?? '') ?? [];
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const seen = record(request, rest === '' ? '/' : rest, Buffer.concat(chunks));
    log.set(tag, [...(log.get(tag) ?? []), seen]);
    await send(choose(script, seen), request.method ?? '', response);
  }
}

function record(request: IncomingMessage, path: string, bytes: Buffer): UpstreamRequest {
  const headers = Object.fromEntries(
    Object.entries(request.headers)
      .filter(([name]) => !NOISE.has(name))
      .map(([name, value]) => [name, String(value)]),
  );
  const seen: UpstreamRequest = { method: request.method ?? '', path, headers };
  if (bytes.length === 0) return seen;
  try {
    return { ...seen, body: JSON.parse(bytes.toString()) as unknown };
  } catch {
    const text = bytes.toString();
    return Buffer.from(text).equals(bytes)
      ? { ...seen, text }
      : { ...seen, base64: bytes.toString('base64') };
  }
}

function choose(script: Script, { method, path: target, headers, body }: UpstreamRequest): Reply {
  const path = target.split('?', 1)[0]!;
  const profile = path.replace(/^\/+|\/+$/g, '').split('/')[0]!;
  const rule = headers['x-upstream'];
  if (rule !== undefined) return script.rules[rule] ?? { json: { no_rule: rule } };
  if (['GET', 'HEAD'].includes(method) && path.replace(/\/+$/, '').endsWith('/models')) {
    const list = script.lists[profile] ?? { status: 404, json: { error: { message: 'no such list' } } };
    const wrong = Object.entries(list.needs ?? {}).some(([name, value]) => headers[name] !== value);
    return wrong ? { status: 401, json: { error: { message: 'bad key' } } } : list;
  }
  const sent =
    typeof body === 'object' && body !== null && !Array.isArray(body)
      ? (body as Record<string, unknown>)
      : {};
  const found = script.defaults.find(
    ({ ends, stream }) => path.endsWith(ends) && (stream ?? false) === Boolean(sent['stream']),
  );
  if (found === undefined) return { json: { ok: true, method } };
  const model =
    typeof sent['model'] === 'string'
      ? sent['model']
      : sent['model'] == null
        ? 'None'
        : JSON.stringify(sent['model']);
  return JSON.parse(
    JSON.stringify(found.reply).replaceAll('${MODEL}', JSON.stringify(model).slice(1, -1)),
  ) as Reply;
}

async function send(reply: Reply, method: string, response: ServerResponse): Promise<void> {
  if (reply.delay_ms !== undefined) await pause(reply.delay_ms);
  const status = reply.status ?? 200;
  const headers: Record<string, string> = { ...reply.headers };
  const type = (value: string): void => {
    if (!Object.keys(headers).some((name) => name.toLowerCase() === 'content-type'))
      headers['content-type'] = value;
  };
  response.sendDate = false;
  if (reply.sse !== undefined) {
    type('text/event-stream');
    response.writeHead(status, headers);
    for (const piece of reply.sse) {
      response.write(piece);
      await pause(2);
    }
    if (reply.abort === true) response.destroy();
    else response.end();
    return;
  }
  let body: Buffer;
  if ('json' in reply) {
    body = Buffer.from(pythonJson(reply.json));
    type('application/json');
  } else if (reply.base64 !== undefined) body = Buffer.from(reply.base64, 'base64');
  else if (reply.repeat !== undefined) body = Buffer.from(reply.repeat[0].repeat(reply.repeat[1]));
  else {
    body = Buffer.from(reply.text ?? '');
    if ('text' in reply) type('text/plain');
  }
  if (status !== 204) headers['content-length'] = String(body.length);
  response.writeHead(status, headers);
  response.end(method === 'HEAD' || status === 204 ? undefined : body);
}
