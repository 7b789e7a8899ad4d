// Writes data/recordings/quickstart.jsonl: plays the example datasets with the real agent, environments and
// translator against the scripted turns, and records every exchange. Needs a build (npm run build):
//
//     node test/support/recordings/make-quickstart.mjs
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { AGENT_TYPES } from '../../../dist/agents/index.js';
import { loadEnvironment } from '../../../dist/environments/index.js';
import { canonicalJson, digest, RECORDING_FORMAT } from '../../../dist/transport/index.js';
import { replyFromChat, requestToChat } from '../../../dist/translate/index.js';
import { TURNS } from './quickstart-turns.mjs';

const root = path.resolve(import.meta.dirname, '../../..');
const DATASETS = [
  ['mcqa', 'mcqa/data/example.jsonl'],
  ['mcqa', 'mcqa/data/example_with_template_metadata.jsonl'],
  ['example_single_tool_call', 'example_single_tool_call/data/example.jsonl'],
  ['example_multi_step', 'example_multi_step/data/example.jsonl'],
  ['example_session_state_mgmt', 'example_session_state_mgmt/data/example.jsonl'],
  ['example_tool_call_multireward', 'example_tool_call_multireward/data/example.jsonl'],
];
const MODEL = 'embedded-demo';
const RECORDED_AT = Date.UTC(2026, 0, 1);
/** Time stands still; a wait ends only when it is given up. */
const clock = {
  now: () => RECORDED_AT,
  after: () => () => {},
  sleep: (/** @type {number} */ _ms, /** @type {AbortSignal} */ signal) =>
    new Promise((_resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
    }),
};
const words = (/** @type {unknown} */ value) =>
  JSON.stringify(value)
    .split(/[\s,.:;{}"]+/)
    .filter(Boolean).length;

/** @type {string[]} */
const lines = [];
/** Judges are asked the same for many rows: once is enough. */
const recorded = new Set();
let replies = 0;

/** @param {import('./quickstart-turns.mjs').Turn} turn @param {any} request */
function chatReply(turn, request) {
  replies += 1;
  const calls = (turn.calls ?? []).map(([name, args], i) => ({
    id: `call_${String(replies).padStart(4, '0')}_${i}`,
    type: 'function',
    function: { name, arguments: JSON.stringify(args) },
  }));
  const reasoning = turn.reasoning === undefined ? 0 : words(turn.reasoning);
  const prompt_tokens = words(request.messages) + words(request.tools ?? []);
  const completion_tokens = reasoning + words(turn.text ?? '') + calls.length * 12;
  return {
    id: `chatcmpl-${String(replies).padStart(4, '0')}`,
    object: 'chat.completion',
    created: RECORDED_AT / 1000,
    model: MODEL,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: turn.text ?? null,
          ...(turn.reasoning !== undefined && { reasoning_content: turn.reasoning }),
          ...(calls.length > 0 && { tool_calls: calls }),
        },
        finish_reason: calls.length > 0 ? 'tool_calls' : 'stop',
      },
    ],
    usage: {
      prompt_tokens,
      completion_tokens,
      total_tokens: prompt_tokens + completion_tokens,
      completion_tokens_details: { reasoning_tokens: reasoning },
    },
  };
}

/** @param {any} body @param {any} reply @param {number} repeat */
function record(body, reply, repeat) {
  lines.push(
    JSON.stringify({
      format: RECORDING_FORMAT,
      key: digest(canonicalJson({ endpoint: 'chat/completions', request: body })),
      repeat,
      ordinal: 0,
      model: 'policy_model',
      endpoint: 'chat/completions',
      request: body,
      status: 200,
      body: reply,
      usage: reply.usage,
      latency_ms: 20 + (replies % 7) * 5,
      recorded_at: RECORDED_AT,
    }),
  );
}

/**
 * A judge that always says the same, asked in either dialect; or what stands beside the words that it is asked with.
 * @param {string | Record<string, string>} says
 */
function scriptedJudge(says) {
  return {
    name: 'policy_model',
    modelId: MODEL,
    close: () => Promise.resolve(),
    exchange: (/** @type {string} */ dialect, /** @type {any} */ asked) => {
      const options = {
        model: MODEL,
        usesReasoningParser: true,
        extraBody: {},
        now: () => RECORDED_AT,
        newId: String,
      };
      const told = JSON.stringify(asked);
      const [, text] =
        typeof says === 'string' ? ['', says] : Object.entries(says).find(([words]) => told.includes(words));
      const body = dialect === 'chat' ? { ...asked, model: MODEL } : requestToChat(asked, options);
      const reply = chatReply({ text }, body);
      const key = canonicalJson(body.messages);
      if (!recorded.has(key)) record(body, reply, 0);
      recorded.add(key);
      const answer = dialect === 'chat' ? reply : replyFromChat(reply, asked, options);
      return Promise.resolve({ text: JSON.stringify(answer) });
    },
  };
}

/** @param {import('./quickstart-turns.mjs').Turn[]} turns @param {string} episode @param {number} repeat */
function scriptedModel(turns, episode, repeat) {
  let turn = 0;
  let id = 0;
  const options = {
    model: MODEL,
    usesReasoningParser: true,
    extraBody: {},
    now: () => RECORDED_AT,
    newId: (/** @type {string} */ prefix) => `${prefix}${id++}`,
  };
  return {
    name: 'policy_model',
    modelId: MODEL,
    close: () => Promise.resolve(),
    respond: (/** @type {any} */ request) => {
      const next = turns[turn++];
      if (next === undefined) throw new Error(`${episode}: no turn ${turn} is scripted`);
      const body = requestToChat(request, options);
      const reply = chatReply(next, body);
      record(body, reply, repeat);
      return Promise.resolve(replyFromChat(reply, request, options));
    },
  };
}

/** @param {string} file @returns {any[]} */
const rowsOf = (file) =>
  readFileSync(path.join(root, 'data/resources_servers', file), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

/** @param {any} agent @param {any} environment @param {any} row @param {any[][]} episodes @param {string} where */
async function playAll(agent, environment, row, episodes, where) {
  for (const [repeat, turns] of episodes.entries()) {
    const call = {
      signal: new AbortController().signal,
      deadline: null,
      episodeId: `${row._ng_task_index}-${repeat}`,
      rolloutIndex: repeat,
      attempts: [],
      onPhase: () => undefined,
    };
    const model = scriptedModel(turns, where, repeat);
    const outcome = await agent.run({ ...row, _ng_rollout_index: repeat }, { model, environment, call });
    console.log(`${where} repeat ${repeat}: ${outcome.status} ${outcome.reward ?? outcome.message}`);
  }
}

for (const [name, file] of DATASETS) {
  const definition = await loadEnvironment(name);
  const environment = definition.create(name, {}, { clock, random: () => 0.5 });
  const agent = AGENT_TYPES['simple_agent'].create(`${name}_simple_agent`, {}, { clock });
  for (const [task, row] of rowsOf(file).entries()) {
    const prompt = row.responses_create_params.input.at(-1).content;
    const found = Object.keys(TURNS).filter((key) => prompt.includes(key));
    if (found.length !== 1) throw new Error(`${file}:${task + 1}: ${found.length} scripts fit`);
    const where = `${file}:${task + 1}`;
    await playAll(agent, environment, { ...row, _ng_task_index: task }, TURNS[found[0]], where);
  }
}

/** @param {string} yaml A configuration, with no variables of the environment set. */
const withoutVariables = (yaml) => yaml.replace(/\$\{oc\.env:\w+,([^}]*)\}/g, '$1');

// The other examples: one answer to each row, the right one.
const ANSWERS = path.join(root, 'test/fixtures/example-answers');
for (const file of readdirSync(ANSWERS)) {
  const name = path.basename(file, '.json');
  const yaml = readFileSync(
    path.join(root, `configs/resources_servers/${name}/configs/${name}.yaml`),
    'utf8',
  );
  /** @type {any[]} */
  const blocks = Object.values(parse(withoutVariables(yaml)));
  const [server] = blocks.flatMap((block) => Object.values(block.resources_servers ?? {}));
  const [[type, settings]] = blocks.flatMap((block) => Object.entries(block.responses_api_agents ?? {}));
  const tables = existsSync(path.join(root, 'data/resources_servers', name, 'ngym_tables'));
  const services = { clock, random: () => 0.5, roots: [path.join(root, 'data')] };
  const prompts = existsSync(path.join(root, 'data/resources_servers', name, 'prompts/ngym_alignment.txt'));
  const given = {
    ...server,
    ...(tables && { tables_path: 'ngym_tables' }),
    ...(prompts && {
      alignment_prompt_path: 'prompts/ngym_alignment.txt',
      column_judge_prompt_path: 'prompts/ngym_column_judge.txt',
    }),
  };
  const environment = (await loadEnvironment(name)).create(name, given, services);
  const played = Object.hasOwn(AGENT_TYPES, type) ? type : 'simple_agent';
  const steps = settings.max_steps === undefined ? {} : { max_steps: settings.max_steps };
  const agent = AGENT_TYPES[played].create(`${name}_agent`, steps, { clock });
  const answers = JSON.parse(readFileSync(path.join(ANSWERS, file), 'utf8'));
  for (const [task, row] of rowsOf(`${name}/data/example.jsonl`).entries()) {
    const { calls, text } = answers[task];
    const turns = [...(calls === undefined ? [] : [{ calls }]), { text: text ?? 'Done.' }];
    await playAll(agent, environment, { ...row, _ng_task_index: task }, [turns], `${name}:${task + 1}`);
  }
}

// Those with judges, asked with our own prompts.
const JUDGED = path.join(root, 'test/fixtures/judged-examples');
for (const file of readdirSync(JUDGED)) {
  const name = path.basename(file, '.json');
  const yaml = readFileSync(
    path.join(root, `configs/resources_servers/${name}/configs/${name}.yaml`),
    'utf8',
  );
  /** @type {any[]} */
  const blocks = Object.values(parse(withoutVariables(yaml))).filter(Boolean);
  const [server] = blocks.flatMap((block) => Object.values(block.resources_servers ?? {}));
  const prompts = path.join(root, 'data/resources_servers', name, 'prompts');
  const own = existsSync(prompts)
    ? existsSync(path.join(prompts, 'ngym_judge.yaml'))
      ? { judge_prompt_path: 'prompts/ngym_judge.yaml' }
      : {
          judge_prompt_template_fpath: 'prompts/ngym_judge.txt',
          judge_prompt_template_protocol_fpath: 'prompts/ngym_judge_protocol.txt',
        }
    : {};
  const arena = 'prompts/ngym_arena.yaml';
  if (existsSync(path.join(prompts, path.basename(arena)))) {
    Object.assign(own, { judge_prompt_paths: { hard_prompt: arena, creative_writing: arena } });
  }
  const templates = 'prompts/ngym_templates.yaml';
  if (existsSync(path.join(prompts, path.basename(templates)))) {
    Object.assign(own, { judge_prompt_templates_path: templates });
  }
  const { answers, judge } = JSON.parse(readFileSync(path.join(JUDGED, file), 'utf8'));
  const services = {
    clock,
    random: () => 0.5,
    roots: [path.join(root, 'data')],
    model: () => scriptedJudge(judge),
  };
  const environment = (await loadEnvironment(name)).create(name, { ...server, ...own }, services);
  const agent = AGENT_TYPES['simple_agent'].create(`${name}_agent`, {}, { clock });
  for (const [task, row] of rowsOf(`${name}/data/example.jsonl`).entries()) {
    const turns = [{ text: answers[task] }];
    await playAll(agent, environment, { ...row, _ng_task_index: task }, [turns], `${name}:${task + 1}`);
  }
}
writeFileSync(path.join(root, 'data/recordings/quickstart.jsonl'), `${lines.join('\n')}\n`);
console.log(`${lines.length} exchanges`);
