import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import path from 'node:path';

const PROVIDER = path.join(import.meta.dirname, 'provider/cli.mjs');

/** A port where nothing listens. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** The fake provider in a process of its own, which can be killed and started again at the same address. */
export class Engine {
  private child: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly options: readonly string[],
  ) {}

  /** Nothing is started yet. `options` are those of the provider's program. */
  static async reserve(...options: string[]): Promise<Engine> {
    return new Engine(await freePort(), options);
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${this.port}/v1`;
  }

  async start(): Promise<void> {
    const args = [PROVIDER, '--port', String(this.port), ...this.options];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.child = child;
    await once(child.stdout, 'data');
  }

  /** SIGKILL: what is in flight is reset, and the port refuses. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child === undefined) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  /** Requests since it was last started. */
  async requests(): Promise<number> {
    const reply = await fetch(`http://127.0.0.1:${this.port}/_stats`);
    return ((await reply.json()) as { requests: number }).requests;
  }
}
