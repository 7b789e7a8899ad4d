import { isObject, type Json, type JsonObject } from '../../protocol/index.js';
import type { Entity, Registry } from '../registry/index.js';
import { Faults } from '../schema/index.js';
import { readOverride, type Override } from './override.js';

/** What a deployment config asks for, as executors read it. */
export interface Spec {
  readonly engine: 'nim' | 'vllm' | 'generic';
  /** `namespace/name`, where the weights are and how the model is asked for. */
  readonly model: string | null;
  readonly revision: string | null;
  readonly chatTemplate: string | null;
  readonly toolParser: string | null;
  readonly toolPlugin: string | null;
  readonly autoTools: boolean | null;
  readonly lora: boolean;
  readonly trustRemoteCode: boolean;
  /** `workspace/name` of the model entity that it serves. */
  readonly entity: string | null;
  /** 0: none. */
  readonly gpu: number;
  /** Into how many parts the model can be split, at most {@link gpu}. */
  readonly parallel: number;
  readonly image: string | null;
  readonly tag: string | null;
  /** Null: the engine's own. */
  readonly healthPath: string | null;
  readonly envs: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  /** Most time until it is ready. Unit: milliseconds. */
  readonly readyMs: number;
  readonly override: Override;
}

const READY_MS = 20 * 60_000;

/** A config, completed by what the model entity that it names says of itself. */
export function specOf(config: Entity, registry: Registry): Spec {
  const of = part(config.data, 'model_spec');
  const run = part(config.data, 'executor_config');
  const [namespace, name, revision] = modelOf(of);
  const entity = entityOf(config, registry);
  const about = part(entity?.data ?? {}, 'spec');
  const files = toolCallingOf(entity, registry);
  const own = part(of, 'tool_call_config');
  const known = { ...files, ...given(part(about, 'tool_call_config')) };
  const gpu = Number(run['gpu'] ?? 0);
  const grace = part(run, 'k8s_nim_operator_config')['startup_probe_grace_seconds'];
  return {
    engine: config.data['engine'] as Spec['engine'],
    model: name === null ? null : namespace === null ? name : `${namespace}/${name}`,
    revision,
    chatTemplate:
      textIn(of, 'chat_template') ?? textIn(about, 'chat_template') ?? textIn(files, 'chat_template'),
    toolParser: textIn(own, 'tool_call_parser') ?? textIn(known, 'tool_call_parser'),
    toolPlugin: textIn(own, 'tool_call_plugin') ?? textIn(known, 'tool_call_plugin'),
    autoTools: (own['auto_tool_choice'] ?? known['auto_tool_choice'] ?? null) as boolean | null,
    lora: of['lora_enabled'] === true,
    trustRemoteCode: entity?.data['trust_remote_code'] === true,
    entity: entity === undefined ? null : `${entity.workspace}/${entity.name}`,
    gpu,
    parallel: parallelOf(gpu, about),
    image: textIn(run, 'image_name'),
    tag: textIn(run, 'image_tag'),
    healthPath: textIn(run, 'health_check_path'),
    envs: part(run, 'additional_envs') as Record<string, string>,
    args: (run['additional_args'] ?? []) as string[],
    readyMs: typeof grace === 'number' ? grace * 1000 : READY_MS,
    override: readOverride(run['override_config'] ?? null, new Faults()),
  };
}

/** Namespace, name and revision: `model_name` may have all three (`namespace/name@revision`). */
export function modelOf(spec: JsonObject): [string | null, string | null, string | null] {
  const whole = textIn(spec, 'model_name');
  if (whole === null) return [textIn(spec, 'model_namespace'), null, textIn(spec, 'model_revision')];
  const at = whole.indexOf('@');
  const path = at === -1 ? whole : whole.slice(0, at);
  const revision = textIn(spec, 'model_revision') ?? (at === -1 ? null : whole.slice(at + 1));
  const given = textIn(spec, 'model_namespace');
  const slash = path.indexOf('/');
  if (given !== null || slash === -1) return [given, path, revision];
  return [path.slice(0, slash), path.slice(slash + 1), revision];
}

function entityOf({ workspace, data }: Entity, registry: Registry): Entity | undefined {
  const id = textIn(data, 'model_entity_id');
  if (id === null) return undefined;
  const slash = id.indexOf('/');
  return slash === -1
    ? registry.get('model', workspace, id)
    : registry.get('model', id.slice(0, slash), id.slice(slash + 1));
}

/** What the fileset that the model is made of says about it. */
function toolCallingOf(entity: Entity | undefined, registry: Registry): JsonObject {
  const reference = textIn(entity?.data ?? {}, 'fileset');
  if (entity === undefined || reference === null) return {};
  const slash = reference.indexOf('/');
  const fileset =
    slash === -1
      ? registry.get('fileset', entity.workspace, reference)
      : registry.get('fileset', reference.slice(0, slash), reference.slice(slash + 1));
  return part(part(part(fileset?.data ?? {}, 'metadata'), 'model'), 'tool_calling');
}

function given(of: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(of).filter(([, value]) => value !== null));
}

/** The reference's rule: the largest part of the GPUs that divides what the model is made of. */
function parallelOf(gpu: number, about: JsonObject): number {
  const [hidden, heads] = [about['hidden_size'], about['num_attention_heads']];
  if (gpu <= 1 || typeof hidden !== 'number' || typeof heads !== 'number') return 1;
  const keys = typeof about['num_kv_heads'] === 'number' ? about['num_kv_heads'] : heads;
  for (let size = gpu; size > 1; size -= 1)
    if ([gpu, hidden, heads, keys].every((each) => each % size === 0)) return size;
  return 1;
}

function part(of: JsonObject, key: string): JsonObject {
  const value: Json | undefined = of[key];
  return isObject(value) ? value : {};
}

/** Empty texts count as absent. */
function textIn(of: JsonObject, key: string): string | null {
  const value = of[key];
  return typeof value === 'string' && value !== '' ? value : null;
}
