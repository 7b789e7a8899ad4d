import path from 'node:path';
import { errors } from '../../errors/index.js';
import type { Clock } from '../../protocol/index.js';
import { dockerExecutor } from './executors/docker.js';
import type { Executor } from './executors/executor.js';
import { externalExecutor } from './executors/external.js';
import { processExecutor } from './executors/process.js';
import { EXECUTOR_KINDS, type ExecutorKind } from './override.js';

type Env = Readonly<Record<string, string | undefined>>;

/** What the operator of a platform lets it run. */
export interface DeploymentSettings {
  /** In the order in which they are tried for a config that names none; empty: there are no deployments. */
  readonly kinds: readonly string[];
  /** Programs that processes may be, `*` for all; default: none. */
  readonly programs?: readonly string[];
  /** Images that containers may be of; default: those of NVIDIA's NIM and of vLLM. */
  readonly images?: readonly string[];
}

/** What a platform gives its executors. */
export interface ExecutorContext {
  readonly clock: Clock;
  /** The key of NVIDIA's registry, where the platform has one. */
  readonly ngcKey: () => string | null;
  /** True for a host that this platform must not ask. */
  readonly forbids: (hostname: string) => boolean;
}

export interface ExecutorParts extends ExecutorContext {
  /** Where servers have their folders and logs; null: nowhere that stays. */
  readonly folder: string | null;
  readonly env: Env;
}

const IMAGES = ['nvcr.io/nim/*', 'vllm/vllm-openai'];
const SOCKET = '/var/run/docker.sock';

/** The executors that an operator asks for. Throws NgError for one that there is not, or that could run nothing. */
export function openExecutors(
  { kinds, programs, images }: DeploymentSettings,
  parts: ExecutorParts,
): Executor[] {
  const wrong = kinds.find((kind) => !(EXECUTOR_KINDS as readonly string[]).includes(kind));
  if (wrong !== undefined) throw errors.deploymentKindUnknown(wrong, EXECUTOR_KINDS);
  if (kinds.includes('process') !== (programs !== undefined)) throw errors.deploymentPrograms();
  const { clock, env, folder, ngcKey, forbids } = parts;
  const make: Readonly<Record<ExecutorKind, () => Executor>> = {
    process: () => processExecutor({ clock, env, folder, allowed: programs ?? [] }),
    docker: () => dockerExecutor({ clock, ngcKey, allowed: images ?? IMAGES, socket: socketOf(env) }),
    external: () => externalExecutor({ clock, forbids }),
  };
  return (kinds as readonly ExecutorKind[]).map((kind) => make[kind]());
}

/** As Docker's own client finds it. Throws NgError for an Engine that is not on this machine. */
function socketOf({ DOCKER_HOST: host = '' }: Env): string {
  if (host === '') return SOCKET;
  if (!host.startsWith('unix://')) throw errors.dockerHostUnsupported(host);
  return path.resolve(host.slice('unix://'.length));
}
