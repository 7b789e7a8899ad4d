import path from 'node:path';
import type { Order, RunState, Tell } from '../../../src/platform/deployments/executors/executor.js';
import type { Spec } from '../../../src/platform/deployments/spec.js';
import { until } from '../support.js';

export const SERVER = path.join(import.meta.dirname, 'server.mjs');
export const NODE = process.execPath;

const SPEC: Spec = {
  engine: 'generic',
  model: null,
  revision: null,
  chatTemplate: null,
  toolParser: null,
  toolPlugin: null,
  autoTools: null,
  lora: false,
  trustRemoteCode: false,
  entity: null,
  gpu: 0,
  parallel: 1,
  image: null,
  tag: null,
  healthPath: '/health',
  envs: {},
  args: [],
  readyMs: 20_000,
  override: { executor: null, command: null, hostUrl: null, apiKeySecret: null, secretEnvs: {} },
};

export function specWith(more: Partial<Spec> = {}): Spec {
  return { ...SPEC, ...more };
}

let made = 0;

export function orderWith(spec: Spec, secrets: Record<string, string> = {}): Order {
  made += 1;
  return { workspace: 'default', name: `dep-${made}`, id: `model-deployment-${made}`, spec, secrets };
}

/** As {@link until}, for what needs other programs to start: a machine may have much else to do. */
export async function patiently(held: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await until(held);
      return;
    } catch (error) {
      if (tries === 5) throw error;
    }
  }
}

/** Everything that was told of a run, and a wait for something of it. */
export interface Told {
  readonly states: RunState[];
  readonly tell: Tell;
  /** The first state of this phase after `from` others. */
  reach(phase: RunState['phase'], from?: number): Promise<RunState>;
}

export function listener(): Told {
  const states: RunState[] = [];
  return {
    states,
    tell: (state) => void states.push(state),
    async reach(phase, from = 0) {
      const found = (): RunState | undefined => states.slice(from).find((state) => state.phase === phase);
      await patiently(() => found() !== undefined).catch(() => {
        throw new Error(`never ${phase}: ${JSON.stringify(states)}`);
      });
      return found()!;
    },
  };
}

export async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health`)).ok;
  } catch {
    return false;
  }
}
