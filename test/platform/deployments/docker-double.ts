import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createSocket } from 'node:net';
import path from 'node:path';

interface Held {
  id: string;
  name: string;
  body: {
    Image: string;
    Cmd?: string[];
    Env?: string[];
    Labels?: Record<string, string>;
    HostConfig?: Record<string, unknown>;
  };
  child: ChildProcess | null;
  exitCode: number;
  printed: string[];
  port: number;
}

export interface DockerDouble {
  readonly socket: string;
  readonly containers: ReadonlyMap<string, Held>;
  readonly volumes: readonly string[];
  /** What was asked, `POST /containers/create` … */
  readonly asked: string[];
  /** Headers of the last pull. */
  pullHeaders: IncomingMessage['headers'];
  images: Set<string>;
  close(): Promise<void>;
}

const SERVER = path.join(import.meta.dirname, 'server.mjs');

/**
 * Docker's Engine as far as deployments use it, by its API's documentation (v1.41): paths, statuses, bodies and the
 * frames of logs. A container is a process of `server.mjs` with the container's words and variables.
 */
export async function startDockerDouble(socket: string): Promise<DockerDouble> {
  const containers = new Map<string, Held>();
  const volumes: string[] = [];
  const asked: string[] = [];
  const double: DockerDouble = {
    socket,
    containers,
    volumes,
    asked,
    images: new Set(['local/there:latest']),
    pullHeaders: {},
    close: async () => {
      for (const each of containers.values()) each.child?.kill('SIGKILL');
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  const server: Server = createServer((request, response) => {
    void answer(request, double, containers).then(([status, body]) => {
      const bytes = Buffer.isBuffer(body)
        ? body
        : Buffer.from(body === undefined ? '' : JSON.stringify(body));
      response.writeHead(status, {
        'content-type': Buffer.isBuffer(body) ? 'application/octet-stream' : 'application/json',
      });
      response.end(bytes);
    });
  });
  server.listen(socket);
  await once(server, 'listening');
  return double;
}

type Answered = [status: number, body?: unknown];

async function answer(
  request: IncomingMessage,
  double: DockerDouble,
  containers: Map<string, Held>,
): Promise<Answered> {
  const url = new URL(request.url ?? '', 'http://docker');
  const route = url.pathname.replace(/^\/v1\.41/, '');
  double.asked.push(`${request.method} ${route}`);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const image = /^\/images\/(.+)\/json$/.exec(route)?.[1];
  if (image !== undefined) {
    const name = decodeURIComponent(image);
    return double.images.has(name) ? [200, { Id: 'sha256:0' }] : [404, { message: `No such image: ${name}` }];
  }
  if (route === '/images/create') return pull(url, request, double);
  if (route === '/containers/create')
    return create(url.searchParams.get('name') ?? '', text, double, containers);
  if (route === '/containers/json') return [200, list(url, containers)];
  const volume = /^\/volumes\/([^/]+)$/.exec(route)?.[1];
  if (volume !== undefined) {
    (double.volumes as string[]).push(volume);
    return [204];
  }
  const [, id = '', verb = ''] = /^\/containers\/([^/]+)\/?(\w*)$/.exec(route) ?? [];
  const held = [...containers.values()].find((each) => each.id === id || each.name === id);
  if (held === undefined) return [404, { message: `No such container: ${id}` }];
  return await ofContainer(
    held,
    request.method === 'DELETE' ? 'remove' : verb,
    containers,
    url.searchParams.get('t') ?? undefined,
  );
}

function pull(url: URL, request: IncomingMessage, double: DockerDouble): Answered {
  double.pullHeaders = request.headers;
  const name = `${url.searchParams.get('fromImage')}:${url.searchParams.get('tag')}`;
  const lines: object[] = [{ status: 'Pulling from library' }];
  // What goes wrong while it is pulled comes after the 200.
  if (name.includes('missing'))
    lines.push({ errorDetail: { message: 'manifest unknown' }, error: 'manifest unknown' });
  else double.images.add(name);
  return [200, Buffer.from(lines.map((line) => `${JSON.stringify(line)}\r\n`).join(''))];
}

function create(name: string, text: string, double: DockerDouble, containers: Map<string, Held>): Answered {
  const body = JSON.parse(text) as Held['body'];
  if (!double.images.has(body.Image)) return [404, { message: `No such image: ${body.Image}` }];
  if ([...containers.values()].some((each) => each.name === name))
    return [409, { message: `Conflict. The container name "/${name}" is already in use` }];
  const id = `${Math.random().toString(16).slice(2)}${'0'.repeat(64)}`.slice(0, 64);
  containers.set(id, { id, name, body, child: null, exitCode: 0, printed: [], port: 0 });
  return [201, { Id: id, Warnings: [] }];
}

function list(url: URL, containers: Map<string, Held>): object[] {
  const { label = [] } = JSON.parse(url.searchParams.get('filters') ?? '{}') as { label?: string[] };
  return [...containers.values()]
    .filter(({ body }) => label.every((each) => body.Labels?.[each] !== undefined))
    .map(({ id, name, body }) => ({ Id: id, Names: [`/${name}`], Labels: body.Labels }));
}

async function ofContainer(
  held: Held,
  verb: string,
  containers: Map<string, Held>,
  seconds = '10',
): Promise<Answered> {
  if (verb === 'json') return [200, inspected(held)];
  if (verb === 'logs') return [200, Buffer.concat(held.printed.map(framed))];
  if (verb === 'start') {
    if (held.child !== null) return [304];
    await start(held);
    return [204];
  }
  if (verb === 'stop') {
    if (held.child === null) return [304];
    const patience = setTimeout(() => held.child?.kill('SIGKILL'), Number(seconds) * 1000);
    await end(held, 'SIGTERM');
    clearTimeout(patience);
    return [204];
  }
  if (verb !== 'remove') return [404, { message: 'page not found' }];
  await end(held, 'SIGKILL');
  containers.delete(held.id);
  return [204];
}

async function start(held: Held): Promise<void> {
  const probe = createSocket().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  held.port = (probe.address() as { port: number }).port;
  probe.close();
  await once(probe, 'close');
  const env = Object.fromEntries(
    (held.body.Env ?? []).map((pair) => [
      pair.slice(0, pair.indexOf('=')),
      pair.slice(pair.indexOf('=') + 1),
    ]),
  );
  const child = spawn(
    process.execPath,
    [SERVER, ...(held.body.Cmd ?? []).filter((word) => word !== '8000' && word !== '--port')],
    {
      env: { ...env, PORT: String(held.port) },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  held.child = child;
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => held.printed.push(chunk.toString()));
  child.once('close', (code) => {
    held.child = null;
    held.exitCode = code ?? 137;
  });
}

async function end(held: Held, signal: NodeJS.Signals): Promise<void> {
  const { child } = held;
  if (child === null) return;
  const closed = once(child, 'close');
  child.kill(signal);
  await closed;
}

function inspected({ id, name, body, child, exitCode, port }: Held): object {
  const bound = child === null ? {} : { '8000/tcp': [{ HostIp: '127.0.0.1', HostPort: String(port) }] };
  return {
    Id: id,
    Name: `/${name}`,
    State: { Running: child !== null, ExitCode: exitCode, Error: '' },
    Config: { Labels: body.Labels ?? {} },
    NetworkSettings: { Ports: bound },
  };
}

function framed(text: string): Buffer {
  const bytes = Buffer.from(text);
  const head = Buffer.alloc(8);
  head[0] = 1;
  head.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([head, bytes]);
}
