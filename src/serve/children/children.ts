import path from 'node:path';
import type { ConfigObject, ResolvedConfig } from '../../config/index.js';
import { startServer } from '../../environments/server/index.js';
import { makeFolder } from '../../files/index.js';
import type { Supervised } from '../../processes/index.js';
import type { Clock } from '../../protocol/index.js';
import { localInstance, type InstanceInfo } from '../head/index.js';
import type { ChildPlan } from './plan.js';
import { childSettings } from './settings.js';

export interface ChildOptions {
  resolved: ResolvedConfig;
  /** Laid over the configuration that each process gets: hosts and ports of all servers, the head's among them. */
  addresses: ConfigObject;
  /** Folder of the logs; made here. */
  logs: string;
  env: Readonly<Record<string, string | undefined>>;
  clock: Clock;
  /** Removes secrets from what they print. */
  clean: (line: string) => string;
  notify: (notice: { level: 'info' | 'warn'; message: string }) => void;
}

/** Between SIGTERM and SIGKILL. Unit: milliseconds. */
const GRACE_MS = 5_000;
const SETTLE_MS = 100;

/** Nothing is going to change of itself. */
const OVER: ReadonlySet<Supervised['state']> = new Set(['ready', 'dead', 'stopped']);

interface Running {
  plan: ChildPlan;
  copies: Supervised[];
}

/** The processes of a configuration. */
export class Children {
  private readonly running: Running[] = [];
  private ended = false;

  constructor(private readonly options: ChildOptions) {}

  /** Starts all of them at once and resolves when all are ready; throws the first NgError. */
  async start(plans: readonly ChildPlan[]): Promise<void> {
    if (plans.length === 0) return;
    await makeFolder(this.options.logs);
    for (const plan of plans) {
      const one: Running = { plan, copies: [] };
      this.running.push(one);
      for (const copy of plan.ports.keys()) {
        if (this.ended) throw new Error('ended while it started');
        one.copies.push(await this.startOne(plan, copy));
      }
    }
    await Promise.all(this.all().map(({ ready }) => ready));
  }

  /** As the head publishes them. */
  instances(startTime: number): InstanceInfo[] {
    return this.running.map(({ plan: { server, program, host, ports, urls }, copies }) => {
      const address = { host, port: ports[0]!, url: urls[0]! };
      const info = { ...localInstance(server, address, startTime), dir_path: program.code.folder };
      // Another one after each restart.
      return Object.defineProperty(info, 'pid', { enumerable: true, get: () => copies[0]?.pid ?? null });
    });
  }

  /** How often one of them has died. */
  deaths(): number {
    return this.all().reduce((sum, { deaths }) => sum + deaths, 0);
  }

  /** Resolves when all are ready or given up; rejects with the signal's reason. */
  async settled(signal: AbortSignal): Promise<void> {
    const over = (): boolean => this.all().every(({ state }) => OVER.has(state));
    while (!over()) await this.options.clock.sleep(SETTLE_MS, signal);
  }

  /** Ends those that `which` says: SIGTERM, and SIGKILL after the grace. */
  async stop(which: (plan: ChildPlan) => boolean, graceMs: number): Promise<void> {
    this.ended = true;
    const ending = this.running.filter(({ plan }) => which(plan)).flatMap(({ copies }) => copies);
    await Promise.all(ending.map((child) => child.stop(Math.min(graceMs, GRACE_MS))));
  }

  private all(): Supervised[] {
    return this.running.flatMap(({ copies }) => copies);
  }

  private async startOne({ server, program, host, ports }: ChildPlan, copy: number): Promise<Supervised> {
    const { resolved, addresses, logs, env, clock, clean, notify } = this.options;
    const port = ports[copy]!;
    const own = { [server.type]: { [server.implementation]: { host, port } } };
    const name = copy === 0 ? server.name : `${server.name}.${copy + 1}`;
    const child = await startServer(program, {
      name,
      host,
      port,
      config: resolved.forServers({ ...addresses, [server.name]: own }),
      env,
      log: { file: path.join(logs, `${name.replace(/[^\w.-]/g, '_')}.log`), clean },
      readyMs: childSettings(resolved).readyMs,
      graceMs: GRACE_MS,
      time: clock,
      notify,
    });
    if (this.ended) await child.stop(0);
    return child;
  }
}
