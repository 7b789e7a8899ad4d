import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run, workspace } from '../cli/program.js';
import type { Provider } from '../support/provider/provider.mjs';
import {
  background,
  client,
  freePort,
  scriptedProvider,
  TOOLS,
  untilAnswers,
  type Background,
} from './stage.js';

let provider: Provider;
beforeAll(async () => {
  provider = await scriptedProvider();
});
afterAll(() => provider.close());

/** A text, a call, two calls at once, and one that the provider refuses. */
const PROMPTS = [
  '[answer: hello there]',
  '[tool: home {}] [answer: Lima it is]',
  '[tools: home {} | get_weather {"city":"Paris"}] [answer: both are done]',
  '[fail]',
];
const ANSWERS = ['hello there', 'Lima it is', 'both are done'];
const DECLARED = ['home', 'get_weather'].map((name) => ({
  type: 'function',
  name,
  description: 'One tool.',
  parameters: { type: 'object', properties: { city: { type: 'string' } } },
}));
const ROWS = PROMPTS.map((content) => ({
  responses_create_params: { input: [{ role: 'user', content }], tools: DECLARED },
  city: 'Lima',
}));

interface Row {
  reward: number;
  response: {
    output: { type: string; output?: string; content?: { text: string }[] }[];
    usage: { total_tokens: number };
  };
  _ng_failure_class?: string;
}

/** Collects the rows through a model block, and gives what was stored. */
async function collect(
  block: Record<string, Record<string, unknown>>,
): Promise<{ scored: Row[]; failed: Row[] }> {
  const here = workspace({
    'weather.mjs': TOOLS,
    'rows.jsonl': ROWS.map((row) => `${JSON.stringify(row)}\n`).join(''),
    'model.yaml': JSON.stringify({ policy_model: { responses_api_models: block } }),
    'weather.yaml': `
weather:
  resources_servers:
    weather: { entrypoint: weather.mjs, domain: agent }
weather_agent:
  responses_api_agents:
    simple_agent:
      entrypoint: app.py
      resources_server: { type: resources_servers, name: weather }
      model_server: { type: responses_api_models, name: policy_model }
`,
  });
  try {
    const { stdout, stderr } = await run(
      [
        '+config_paths=[weather.yaml,model.yaml]',
        '+agent_name=weather_agent',
        '+input_jsonl_fpath=rows.jsonl',
        '+output_jsonl_fpath=rollouts.jsonl',
      ],
      { cwd: here.cwd, name: 'ng_collect_rollouts' },
    );
    const rows = (name: string): Row[] => {
      const file = path.join(here.cwd, name);
      const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Row);
    };
    const scored = rows('rollouts.jsonl');
    expect(scored.length, stdout + stderr).toBeGreaterThan(0);
    return { scored, failed: rows('rollouts_failures.jsonl') };
  } finally {
    here.remove();
  }
}

function expectRows({ scored, failed }: { scored: Row[]; failed: Row[] }): void {
  const said = scored.map(({ response }) => response.output.at(-1)!.content![0]!.text);
  expect(said.sort()).toEqual([...ANSWERS].sort());
  const results = scored.flatMap(({ response }) =>
    response.output.flatMap(({ type, output }) => (type === 'function_call_output' ? [output] : [])),
  );
  expect(results.sort()).toEqual(['Lima', 'Lima', 'sunny in Paris']);
  for (const { response } of scored) expect(response.usage.total_tokens).toBeGreaterThan(0);
  expect(failed.map(({ _ng_failure_class: kind }) => kind)).toEqual(['bad_request']);
  expect(JSON.stringify(failed[0])).toContain('refused by the script');
}

const python = client('python');
const MASTER_KEY = 'sk-interop-0123456789abcdef0123456789abcdef';

describe.skipIf(python.skip)(`LiteLLM proxy as a provider${python.title}`, () => {
  let proxy: Background;
  let base: string;
  let here: ReturnType<typeof workspace>;

  beforeAll(async () => {
    here = workspace({
      'proxy.yaml': JSON.stringify({
        model_list: [
          {
            model_name: 'scripted',
            litellm_params: {
              model: 'openai/scripted',
              api_base: provider.baseUrl,
              api_key: 'sk-test-0123456789',
            },
          },
        ],
        litellm_settings: { telemetry: false, num_retries: 0 },
        general_settings: { master_key: MASTER_KEY },
      }),
    });
    const port = await freePort();
    proxy = background(
      path.join(python.folder, 'bin/litellm'),
      ['--config', 'proxy.yaml', '--host', '127.0.0.1', '--port', String(port)],
      { cwd: here.cwd, env: { LITELLM_LOCAL_MODEL_COST_MAP: 'True' } },
    );
    base = `http://127.0.0.1:${port}/v1`;
    await untilAnswers(`http://127.0.0.1:${port}/health/liveliness`, proxy);
  });
  afterAll(async () => {
    (proxy as Background | undefined)?.stop();
    await (proxy as Background | undefined)?.finished;
    here.remove();
  });

  const responses = () => ({ openai_base_url: base, openai_api_key: MASTER_KEY, openai_model: 'scripted' });
  it.each([
    ['inference_provider', () => ({ base_url: base, api_key: MASTER_KEY, model: 'scripted' })],
    ['openai_model', responses],
    ['litellm_model', responses],
  ] as const)('gives texts, calls and failures to %s, whole and streamed', async (type, block) => {
    for (const streamed of [false, true]) {
      expectRows(
        await collect({
          [type]: { entrypoint: 'app.py', ...block(), stream_upstream: streamed, max_attempts: 1 },
        }),
      );
    }
  });
});

const portkey = client('portkey');

describe.skipIf(portkey.skip)(`Portkey gateway as a provider${portkey.title}`, () => {
  let gateway: Background;
  let base: string;
  const headers = () => ({ 'x-portkey-provider': 'openai', 'x-portkey-custom-host': provider.baseUrl });

  beforeAll(async () => {
    const port = await freePort();
    const loopback = pathToFileURL(path.join(import.meta.dirname, 'scripts/loopback-only.mjs')).href;
    const program = path.join(portkey.folder, 'node_modules/@portkey-ai/gateway/build/start-server.js');
    gateway = background(process.execPath, ['--import', loopback, program, '--headless', `--port=${port}`], {
      cwd: portkey.folder,
    });
    base = `http://127.0.0.1:${port}/v1`;
    await untilAnswers(`http://127.0.0.1:${port}/`, gateway);
  });
  afterAll(async () => {
    (gateway as Background | undefined)?.stop();
    await (gateway as Background | undefined)?.finished;
  });

  const block = (streamed: boolean) => ({
    inference_provider: {
      entrypoint: 'app.py',
      base_url: base,
      api_key: 'sk-test-0123456789',
      model: 'scripted',
      capability: { headers: headers() },
      stream_upstream: streamed,
      max_attempts: 1,
    },
  });

  it('gives texts, calls and failures', async () => {
    expectRows(await collect(block(false)));
  });

  it('gives them streamed', async (test) => {
    const plain = await fetch(`${base}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer x', ...headers() },
      body: JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: 'x' }] }),
    });
    await plain.text();
    if (plain.status === 500) test.skip('Portkey itself answers 500 to a plain request for a stream');
    expectRows(await collect(block(true)));
  });
});
