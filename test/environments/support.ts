import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { isFunctionCall } from '../../src/protocol/index.js';
import type { Call, Environment, ResponsesReply, TaskRow, Verdict } from '../../src/protocol/index.js';
import { loadEnvironment } from '../../src/environments/index.js';
import type { GivenServices } from '../../src/environments/index.js';
import { systemClock } from '../../src/transport/index.js';

/** What ships, as the search roots of a configuration have it. */
export const SHIPPED_ROOTS = ['configs', 'data'].map((folder) =>
  path.resolve(import.meta.dirname, '../..', folder),
);

export const services: GivenServices = { clock: systemClock, random: () => 0.5, roots: SHIPPED_ROOTS };

export function call(signal: AbortSignal = new AbortController().signal): Call {
  return {
    signal,
    deadline: null,
    episodeId: '0-0',
    rolloutIndex: 0,
    attempts: [],
    onPhase: () => undefined,
  };
}

export async function environment(
  implementation: string,
  config: Record<string, unknown> = {},
): Promise<Environment> {
  const definition = await loadEnvironment(implementation);
  if (definition === undefined) throw new Error(`no environment "${implementation}"`);
  return definition.create(implementation, config, services);
}

/** The configuration that an environment ships with: the server block of its YAML, with no variables set. */
export function shippedConfig(name: string): Record<string, unknown> {
  const file = path.join(import.meta.dirname, `../../configs/resources_servers/${name}/configs/${name}.yaml`);
  const text = readFileSync(file, 'utf8').replace(/\$\{oc\.env:\w+,([^}]*)\}/g, '$1');
  const servers = parse(text) as Record<string, { resources_servers?: object } | null>;
  const blocks = Object.values(servers).flatMap((server) => Object.values(server?.resources_servers ?? {}));
  return blocks[0] as Record<string, unknown>;
}

/** The keys that make an environment use what of ours ships in place of the reference's: a judge's prompts, tables. */
export function ownPrompts(name: string): Record<string, unknown> {
  const file = (leaf: string): string => path.join(SHIPPED_ROOTS[1]!, 'resources_servers', name, leaf);
  if (existsSync(file('ngym_tables'))) return { tables_path: 'ngym_tables' };
  if (existsSync(file('prompts/ngym_judge.yaml'))) return { judge_prompt_path: 'prompts/ngym_judge.yaml' };
  const arena = 'prompts/ngym_arena.yaml';
  if (existsSync(file(arena))) return { judge_prompt_paths: { hard_prompt: arena, creative_writing: arena } };
  const templates = 'prompts/ngym_templates.yaml';
  if (existsSync(file(templates))) return { judge_prompt_templates_path: templates };
  const alignment = 'prompts/ngym_alignment.txt';
  const column = 'prompts/ngym_column_judge.txt';
  if (existsSync(file(alignment))) {
    return { alignment_prompt_path: alignment, column_judge_prompt_path: column };
  }
  if (!existsSync(file('prompts/ngym_judge.txt'))) return {};
  const protocol = existsSync(file('prompts/ngym_judge_protocol.txt')) && {
    judge_prompt_template_protocol_fpath: 'prompts/ngym_judge_protocol.txt',
  };
  return { judge_prompt_template_fpath: 'prompts/ngym_judge.txt', ...protocol };
}

/** A dataset row with these keys. */
export function row(keys: Record<string, unknown> = {}): TaskRow {
  return { responses_create_params: { input: 'q' }, _ng_task_index: 0, _ng_rollout_index: 0, ...keys };
}

/** A reply with these output items. */
export function reply(...output: ResponsesReply['output']): ResponsesReply {
  return { id: 'r', object: 'response', created_at: 1, model: 'm', output, usage: null };
}

export function textReply(text: string): ResponsesReply {
  return reply({
    type: 'message',
    id: 'm',
    role: 'assistant',
    status: 'completed',
    content: [{ type: 'output_text', text, annotations: [] }],
  });
}

export function toolCall(name: string, args: unknown, id = 'c1') {
  return { type: 'function_call', call_id: id, name, arguments: JSON.stringify(args) } as const;
}

/** Opens, runs the calls of a recorded reply in order, verifies. Returns the tool texts and the verdict. */
export async function replay(
  env: Environment,
  task: TaskRow,
  response: ResponsesReply,
): Promise<{ outputs: string[]; verdict: Verdict }> {
  const session = await env.open(task, call());
  const outputs: string[] = [];
  for (const item of response.output.filter(isFunctionCall)) {
    outputs.push((await env.callTool(session, item.name, JSON.parse(item.arguments), call())) as string);
  }
  const verdict = await env.verify(session, task, response, call());
  await env.close(session);
  return { outputs, verdict };
}

/** The reward of a right answer: 1, but where rewards are distances. */
export const fullMarks = (name: string): number => (name === 'generative_reward_model' ? 0 : 1);
