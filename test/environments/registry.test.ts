import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { AGENT_TYPES } from '../../src/agents/index.js';
import {
  ENVIRONMENT_ALIASES,
  ENVIRONMENTS,
  environmentNames,
  loadEnvironment,
} from '../../src/environments/index.js';
import type { TaskRow } from '../../src/protocol/index.js';
import { conformanceMissing, conformancePath } from '../support/conformance.js';
import {
  call,
  environment,
  ownPrompts,
  replay,
  reply,
  shippedConfig,
  textReply,
  toolCall,
} from './support.js';

const ROOT = path.resolve(import.meta.dirname, '../..');
const NAMES = Object.keys(ENVIRONMENTS);

interface Server {
  resources_servers?: Record<string, Record<string, unknown>>;
  responses_api_agents?: Record<string, Agent>;
}
interface Agent extends Record<string, unknown> {
  resources_server: { type: string; name: string };
  model_server: { type: string; name: string };
  datasets?: { type: string; jsonl_fpath: string; huggingface_identifier?: object }[];
}

const yamlPath = (name: string) => `resources_servers/${name}/configs/${name}.yaml`;
/** The blocks of servers; other values of a configuration (`judge_base_url: null`) are none. */
const readYaml = (file: string): Record<string, Server> => {
  const values = parse(readFileSync(file, 'utf8')) as Record<string, Server | null>;
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
  );
};
const shipped = (name: string) => readYaml(path.join(ROOT, 'configs', yamlPath(name)));

function rows(file: string): TaskRow[] {
  return readFileSync(path.join(ROOT, 'data', file), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line, index) => ({
      ...(JSON.parse(line) as TaskRow),
      _ng_task_index: index,
      _ng_rollout_index: 0,
    }));
}

const examples = (name: string) => rows(`resources_servers/${name}/data/example.jsonl`);

/** A configuration without the prompts in it: those of the reference are its own, and ours are ours. */
const withoutPrompts = (config: unknown): unknown =>
  JSON.parse(JSON.stringify(config), (key, value: unknown) =>
    /judge_(?:prompt_template|system_message|system_prompt)$/.test(key) ? undefined : value,
  );

/** Every shipped example dataset of a configuration; the one of this name where it has no list. */
function exampleFiles(name: string): string[] {
  const named = Object.values(shipped(name))
    .flatMap((server) => Object.values(server.responses_api_agents ?? {}))
    .flatMap((agent) => agent.datasets ?? [])
    .filter(({ type, huggingface_identifier: elsewhere }) => type === 'example' && elsewhere === undefined)
    .map(({ jsonl_fpath }) => jsonl_fpath);
  // The reference's configuration of some names no examples; ours lie in the usual place all the same.
  return named.length > 0 ? named : [`resources_servers/${name}/data/example.jsonl`];
}

/** Agents of the reference's configurations that are programs of their own. */
const ELSEWHERE = ['claude_code_agent', 'labbench2_vlm_agent'];

const WITH_YAML = [...NAMES, 'simple_weather', 'example_simple_weather'];

describe('the registry', () => {
  it('has a folder for every name and a name for every folder', () => {
    const folders = readdirSync(path.join(ROOT, 'src/environments/catalogue'), { withFileTypes: true })
      .filter((entry) => existsSync(path.join(entry.parentPath, entry.name, 'environment.ts')))
      .map((entry) => entry.name);
    expect(folders.sort()).toEqual([...NAMES].sort());
  });

  it.each(NAMES)('%s: README with row, reward and example; tests', async (name) => {
    const readme = readFileSync(path.join(ROOT, 'src/environments/catalogue', name, 'README.md'), 'utf8');
    expect(readme).toMatch(/^# /);
    for (const word of ['Row', 'eward', `${name}.yaml`, 'example.jsonl']) expect(readme).toContain(word);
    const tests = readdirSync(import.meta.dirname)
      .filter((file) => file.endsWith('.test.ts') && file !== 'registry.test.ts')
      .map((file) => readFileSync(path.join(import.meta.dirname, file), 'utf8'));
    // examples.test.ts and judged-examples.test.ts play the answers to the rows of those that have some.
    const answers = ['example-answers', 'judged-examples'].map((folder) =>
      path.join(ROOT, 'test/fixtures', folder, `${name}.json`),
    );
    expect(answers.some((file) => existsSync(file)) || tests.some((text) => text.includes(`'${name}'`))).toBe(
      true,
    );
    expect((await loadEnvironment(name))!.name).toBe(name);
  });

  it('knows the earlier names', async () => {
    for (const [alias, name] of Object.entries(ENVIRONMENT_ALIASES)) {
      expect(await loadEnvironment(alias)).toBe(await loadEnvironment(name));
    }
    expect(environmentNames()).toEqual(expect.arrayContaining(['mcqa', 'simple_weather']));
  });

  it('has nothing under other names', async () => {
    for (const name of ['nope', 'toString', '__proto__']) expect(await loadEnvironment(name)).toBeUndefined();
  });
});

describe('shipped configurations', () => {
  it.each(WITH_YAML)('%s: a server and an agent that we have, with keys that they know', async (name) => {
    const servers = shipped(name);
    const definition = (await loadEnvironment(name))!;
    for (const server of Object.values(servers)) {
      for (const [implementation, block] of Object.entries(server.resources_servers ?? {})) {
        expect(implementation).toBe(name);
        for (const key of Object.keys(block)) expect(definition.configKeys).toContain(key);
      }
      for (const [implementation, block] of Object.entries(server.responses_api_agents ?? {})) {
        expect(servers[block.resources_server.name]?.resources_servers).toHaveProperty(name);
        if (ELSEWHERE.includes(implementation)) continue;
        for (const key of Object.keys(block)) expect(AGENT_TYPES[implementation]!.configKeys).toContain(key);
        expect(block.model_server).toEqual({ type: 'responses_api_models', name: 'policy_model' });
      }
    }
  });

  it('keeps the names that old commands use', () => {
    expect(Object.keys(shipped('simple_weather'))).toEqual(['simple_weather', 'simple_weather_simple_agent']);
  });

  describe.skipIf(conformanceMissing)('against the reference', () => {
    const theirs = NAMES.filter((name) => existsSync(conformancePath('config/files', yamlPath(name))));

    it('has most of ours; an environment that it lacks is ours alone', () => {
      expect(theirs.length).toBeGreaterThanOrEqual(7);
    });

    it.each(theirs)('%s: the same values', (name) => {
      const theirs = readYaml(conformancePath('config/files', yamlPath(name)));
      expect(withoutPrompts(shipped(name))).toEqual(withoutPrompts(theirs));
    });
  });
});

describe('shipped examples', () => {
  it.each(WITH_YAML)('%s: five rows per dataset, and each opens', async (name) => {
    const env = await environment(name, { ...shippedConfig(name), ...ownPrompts(name) });
    const files = exampleFiles(name);
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const found = rows(file);
      expect(found).toHaveLength(5);
      for (const task of found) await env.close(await env.open(task, call()));
    }
  });

  it('mcqa: the gold letter in the form that the row asks for scores 1', async () => {
    const env = await environment('mcqa');
    for (const task of examples('mcqa')) {
      const gold = task['expected_answer'] as string;
      const text = task['grading_mode'] === 'lenient_answer_colon' ? `Answer: ${gold}` : `\\boxed{${gold}}`;
      expect((await replay(env, task, textReply(text))).verdict.reward).toBe(1);
    }
  });

  it('mcqa: the gold answer in the form of its template scores 1', async () => {
    const env = await environment('mcqa');
    const found = rows('resources_servers/mcqa/data/example_with_template_metadata.jsonl');
    const forms: ((letter: string, text: string) => string)[] = [
      (letter) => `Answer: \\boxed{${letter}}`,
      (letter) => `Option Selected: ${letter}`,
      (letter) => `<final> ${letter} </final>`,
      (_letter, text) => `The answer is: ${text}.`,
      (letter) => `[[${letter}]]`,
    ];
    for (const [index, task] of found.entries()) {
      const gold = task['expected_answer'] as string;
      const options = Object.assign({}, ...(task['options'] as object[])) as Record<string, string>;
      const { verdict } = await replay(env, task, textReply(forms[index]!(gold, options[gold]!)));
      expect(verdict.reward).toBe(1);
    }
  });

  it('example_multi_step: the expected values are those that the tools give', async () => {
    const env = await environment('example_multi_step');
    for (const task of examples('example_multi_step')) {
      const words = task['expected_synonyms'] as string[];
      const lookups = words.map((synonym) => toolCall('get_synonym_value', { synonym }));
      const values = task['expected_synonym_values'];
      const response = reply(
        ...lookups,
        toolCall('extract_synonym_values', { synonym_values: values }, 'last'),
      );
      const { outputs, verdict } = await replay(env, task, response);
      expect(
        outputs.slice(0, -1).map((text) => (JSON.parse(text) as object)['synonym_value' as never]),
      ).toEqual(values);
      expect(verdict).toMatchObject({ reward: 1, set_overlap: 1, original_term_minefield_hit: false });
    }
  });

  it('example_session_state_mgmt: adding what is missing scores 1, leaving it 0', async () => {
    const env = await environment('example_session_state_mgmt');
    for (const task of examples('example_session_state_mgmt')) {
      const count = (task['expected_count'] as number) - (task['initial_count'] as number);
      const added = await replay(env, task, reply(toolCall('increment_counter', { count })));
      expect(added.verdict.reward).toBe(1);
      expect((await replay(env, task, reply())).verdict.reward).toBe(0);
    }
  });

  it('example_tool_call_multireward: the expected call alone scores 3', async () => {
    const env = await environment('example_tool_call_multireward');
    for (const task of examples('example_tool_call_multireward')) {
      const expected = task['expected_call'] as { name: string; arguments: object };
      const { verdict } = await replay(env, task, reply(toolCall(expected.name, expected.arguments)));
      expect(verdict.reward).toBe(3);
    }
  });

  it('example_single_tool_call: the tool names the city', async () => {
    const env = await environment('simple_weather');
    const { outputs, verdict } = await replay(
      env,
      examples('simple_weather')[0]!,
      reply(toolCall('get_weather', { city: 'Oslo' })),
    );
    expect(outputs).toEqual(['{"city":"Oslo","weather_description":"The weather in Oslo is cold."}']);
    expect(verdict).toEqual({ reward: 1 });
  });
});
