import { Pool } from 'undici';
import { isObject, type JsonObject } from '../../../protocol/index.js';
import { textOf } from '../../registry/index.js';

/** Of Docker 20.10 and newer. */
const VERSION = '/v1.41';
const HEADER_BYTES = 8;

/** What the Engine says no with, or that it does not answer (status 0). */
export class EngineError extends Error {
  override readonly name = 'EngineError';

  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

export interface ImageAuth {
  readonly username: string;
  readonly password: string;
  readonly server: string;
}

/** A container, as much of `GET /containers/{id}/json` as is used. */
export interface Container {
  readonly id: string;
  readonly running: boolean;
  readonly exitCode: number;
  /** Why it could not be started, or ended. */
  readonly error: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The port of this machine behind which its server is; null while it has none. */
  readonly hostPort: number | null;
}

interface Asked {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: JsonObject;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** Docker's Engine, over the socket that it has on this machine. */
export class Engine {
  private readonly client: Pool;

  constructor(socket: string) {
    this.client = new Pool('http://docker', {
      socketPath: socket,
      // An image may be pulled for long without a word.
      bodyTimeout: 0,
      headersTimeout: 0,
    });
  }

  async hasImage(image: string): Promise<boolean> {
    return (await this.found({ method: 'GET', path: `/images/${encodeURIComponent(image)}/json` })) !== null;
  }

  /** Pulls an image. What goes wrong in the middle comes as a line of the answer. */
  async pull(image: string, tag: string, auth: ImageAuth | null, signal: AbortSignal): Promise<void> {
    const text = await this.text({
      method: 'POST',
      path: '/images/create',
      query: { fromImage: image, tag },
      headers: { ...(auth !== null && { 'x-registry-auth': encodedAuth(auth) }) },
      signal,
    });
    for (const line of text.split('\n').filter((each) => each.trim() !== '')) {
      const said = JSON.parse(line) as { error?: string };
      if (said.error !== undefined) throw new EngineError(said.error, 500);
    }
  }

  /** The id. Throws 409 when the name is taken. */
  async create(name: string, body: JsonObject): Promise<string> {
    const made = await this.json({ method: 'POST', path: '/containers/create', query: { name }, body });
    return textOf(made, 'Id');
  }

  async start(id: string): Promise<void> {
    await this.text({ method: 'POST', path: `/containers/${id}/start` });
  }

  /** SIGTERM, and SIGKILL after so many seconds. One that does not run, or is gone, is stopped. */
  async stop(id: string, seconds: number): Promise<void> {
    await this.found({ method: 'POST', path: `/containers/${id}/stop`, query: { t: String(seconds) } });
  }

  /** With its anonymous volumes; nothing happens when it is gone. */
  async remove(id: string): Promise<void> {
    await this.found({ method: 'DELETE', path: `/containers/${id}`, query: { force: '1', v: '1' } });
  }

  async removeVolume(name: string): Promise<void> {
    await this.found({ method: 'DELETE', path: `/volumes/${name}`, query: { force: '1' } });
  }

  /** By id or name; null when there is none. */
  async inspect(id: string, port: string): Promise<Container | null> {
    const text = await this.found({ method: 'GET', path: `/containers/${id}/json` });
    return text === null ? null : containerOf(JSON.parse(text) as JsonObject, port);
  }

  /** Ids and labels of the containers, running or not, that have a label. */
  async list(label: string): Promise<{ id: string; labels: Record<string, string> }[]> {
    const filters = JSON.stringify({ label: [label] });
    const text = await this.text({ method: 'GET', path: '/containers/json', query: { all: '1', filters } });
    const found = JSON.parse(text) as { Id: string; Labels?: Record<string, string> }[];
    return found.map(({ Id: id, Labels: labels = {} }) => ({ id, labels }));
  }

  async logs(id: string, lines: number): Promise<string[]> {
    const query = { stdout: '1', stderr: '1', tail: String(lines) };
    const bytes = await this.bytes({ method: 'GET', path: `/containers/${id}/logs`, query });
    return unframed(bytes)
      .split('\n')
      .filter((line) => line !== '');
  }

  async close(): Promise<void> {
    await this.client.destroy();
  }

  /** The answer; null for 404, which says that it is not there. */
  private async found(asked: Asked): Promise<string | null> {
    try {
      return await this.text(asked);
    } catch (error) {
      if (error instanceof EngineError && error.status === 404) return null;
      throw error;
    }
  }

  private async json(asked: Asked): Promise<JsonObject> {
    return JSON.parse(await this.text(asked)) as JsonObject;
  }

  private async text(asked: Asked): Promise<string> {
    return (await this.bytes(asked)).toString('utf8');
  }

  /** Throws {@link EngineError}. */
  private async bytes({ method, path, query = {}, body, headers = {}, signal }: Asked): Promise<Buffer> {
    const search = new URLSearchParams(query).toString();
    let status: number;
    let bytes: Buffer;
    try {
      const reply = await this.client.request({
        method,
        path: `${VERSION}${path}${search === '' ? '' : `?${search}`}`,
        headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        ...(signal !== undefined && { signal }),
      });
      status = reply.statusCode;
      bytes = Buffer.from(await reply.body.arrayBuffer());
    } catch (error) {
      throw new EngineError(`Docker does not answer: ${(error as Error).message}`, 0);
    }
    // 304: it is so already.
    if (status < 300 || status === 304) return bytes;
    throw new EngineError(messageIn(bytes.toString('utf8')), status);
  }
}

function messageIn(text: string): string {
  try {
    const body = JSON.parse(text) as { message?: string };
    return body.message ?? text;
  } catch {
    return text;
  }
}

function encodedAuth({ username, password, server }: ImageAuth): string {
  const auth = { username, password, serveraddress: server };
  return Buffer.from(JSON.stringify(auth)).toString('base64url');
}

function containerOf(body: JsonObject, port: string): Container {
  const part = (of: unknown, key: string): JsonObject => {
    const value = isObject(of) ? of[key] : undefined;
    return isObject(value) ? value : {};
  };
  const state = part(body, 'State');
  const bound = part(part(body, 'NetworkSettings'), 'Ports')[port];
  const [first] = Array.isArray(bound) ? bound : [];
  const hostPort = isObject(first) ? Number(first['HostPort']) : NaN;
  return {
    id: textOf(body, 'Id'),
    running: state['Running'] === true,
    exitCode: Number(state['ExitCode'] ?? 0),
    error: typeof state['Error'] === 'string' ? state['Error'] : '',
    labels: part(part(body, 'Config'), 'Labels') as Record<string, string>,
    hostPort: Number.isInteger(hostPort) && hostPort > 0 ? hostPort : null,
  };
}

/**
 * What a container printed, without the frames in which it comes: one byte for the stream, three zeros, the length in
 * four bytes (Engine API, "Attach to a container", stream format).
 */
function unframed(bytes: Buffer): string {
  const pieces: Buffer[] = [];
  let at = 0;
  while (at + HEADER_BYTES <= bytes.length) {
    const framed = bytes[at]! <= 2 && bytes.readUIntBE(at + 1, 3) === 0;
    // A container with a terminal has none.
    if (!framed) return bytes.toString('utf8');
    const length = bytes.readUInt32BE(at + 4);
    pieces.push(bytes.subarray(at + HEADER_BYTES, at + HEADER_BYTES + length));
    at += HEADER_BYTES + length;
  }
  return Buffer.concat(pieces).toString('utf8');
}
