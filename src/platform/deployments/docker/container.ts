import { createHash } from 'node:crypto';
import type { JsonObject } from '../../../protocol/index.js';
import type { Order } from '../executors/executor.js';
import { nimVariables } from '../nim.js';
import type { Spec } from '../spec.js';
import { LORA_FOLDER, vllmArguments, vllmVariables, withFlags } from '../vllm.js';

/** By which containers of ours are found. */
export const LABEL = 'ngym.deployment';
export const VERSION_LABEL = 'ngym.deployment.version';
/** Where servers listen inside, as NIM and vLLM do. */
export const PORT = '8000/tcp';
const SHARED_MEMORY_PER_GPU = 16 * 1024 ** 3;
const REGISTRY = 'nvcr.io';

export interface Image {
  readonly name: string;
  readonly tag: string;
}

/** The image of a config: its own, or that of its engine; null where there is none. */
export function imageOf({ engine, image, tag }: Spec): Image | null {
  const name = image ?? (engine === 'vllm' ? 'vllm/vllm-openai' : null);
  return name === null ? null : { name, tag: tag ?? 'latest' };
}

/** Images that the key of NVIDIA's registry is for. */
export function isFromNgc({ name }: Image): boolean {
  return name.startsWith(`${REGISTRY}/`);
}

export function containerName(workspace: string, name: string): string {
  const whole = `${workspace}/${name}`;
  const digest = createHash('sha256').update(whole).digest('hex').slice(0, 8);
  return `ngym-${whole.replace(/[^a-z0-9]+/g, '-').slice(0, 40)}-${digest}`;
}

/** Where a container keeps what it downloads, so that it need not do it twice. */
export function volumeName(workspace: string, name: string): string {
  return `${containerName(workspace, name)}-cache`;
}

/** The body of `POST /containers/create`. `ngcKey`: of NVIDIA's registry, for images from there alone. */
export function containerBody(order: Order, image: Image, ngcKey: string | null): JsonObject {
  const { spec, workspace, name, id } = order;
  const cache = spec.engine === 'nim' ? '/opt/nim/.cache' : '/root/.cache/huggingface';
  const variables = {
    ...(spec.engine === 'nim' && nimVariables(spec)),
    ...(spec.engine === 'vllm' && vllmVariables(spec, LORA_FOLDER)),
    ...(ngcKey !== null && isFromNgc(image) && { NGC_API_KEY: ngcKey }),
    ...spec.envs,
    ...order.secrets,
  };
  return {
    Image: `${image.name}:${image.tag}`,
    Env: Object.entries(variables).map(([variable, value]) => `${variable}=${value}`),
    ...commandOf(spec),
    Labels: { [LABEL]: `${workspace}/${name}`, [VERSION_LABEL]: id },
    ExposedPorts: { [PORT]: {} },
    HostConfig: {
      // Any free port, for this machine alone.
      PortBindings: { [PORT]: [{ HostIp: '127.0.0.1', HostPort: '' }] },
      Mounts: [{ Type: 'volume', Source: volumeName(workspace, name), Target: cache }],
      // It is the platform that starts it again, and counts.
      RestartPolicy: { Name: 'no' },
      SecurityOpt: ['no-new-privileges'],
      ...(spec.gpu > 0 && {
        DeviceRequests: [{ Driver: 'nvidia', Count: spec.gpu, Capabilities: [['gpu']] }],
      }),
      ...(spec.gpu > 1 && { ShmSize: SHARED_MEMORY_PER_GPU * spec.gpu }),
    },
  };
}

/** The images of vLLM have `vllm serve` as their entry; a NIM is told everything by its environment. */
function commandOf(spec: Spec): JsonObject {
  if (spec.engine === 'vllm') {
    const model = spec.model === null ? [] : ['--model', spec.model];
    const flags: [string, string][] = [
      ['--host', '0.0.0.0'],
      ['--port', '8000'],
    ];
    return { Cmd: [...withFlags(flags, [...model, ...vllmArguments(spec, spec.args)])] };
  }
  return spec.args.length === 0 ? {} : { Cmd: [...spec.args] };
}
