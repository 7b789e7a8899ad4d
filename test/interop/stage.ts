import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { inject } from 'vitest';
import { start, workspace } from '../cli/program.js';
import { startProvider, type Provider } from '../support/provider/provider.mjs';
import type { ClientName } from './versions.js';

/** What every script asks: one call of a tool, then an answer; or a request that the provider refuses. */
export const PROMPT = '[tool: get_weather {"city":"Paris"}] [answer: all is done]';

/** Where a client was installed; `skip` says why it was not. */
export function client(name: ClientName): { folder: string; skip: string | false; title: string } {
  const installed = inject('clients')[name];
  if ('missing' in installed) return { folder: '', skip: installed.missing, title: `: ${installed.missing}` };
  return { folder: installed.folder, skip: false, title: '' };
}

/** A provider that answers as its prompts say, and refuses those that ask for it. */
export function scriptedProvider(): Promise<Provider> {
  return startProvider({
    faultFor: ({ prompt }) =>
      prompt.includes('[fail]')
        ? { kind: 'status', status: 400, code: 'scripted', message: 'refused by the script' }
        : undefined,
  });
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export interface Stage {
  provider: Provider;
  /** Addresses of the served models by what their provider speaks, and of the environment, without `/v1`. */
  urls: { chat: string; responses: string; environment: string };
  /** What `ng_run` has said so far. */
  close(): Promise<void>;
}

/** An environment whose rows have a required key, with two tools. */
export const TOOLS = `
import { defineEnvironment } from 'ngym';
import { z } from 'zod';
export default defineEnvironment({
  name: 'weather',
  row: z.object({ city: z.string() }),
  open: ({ city }) => ({ city }),
  tools: {
    home: { description: 'Tells the city of the task.', run: ({ city }) => city },
    get_weather: { parameters: z.object({ city: z.string() }), run: (_, { city }) => \`sunny in \${city}\` },
  },
  verify: () => ({ reward: 1 }),
});
`;

/** A real `ng_run` before the scripted provider: a model for each of its dialects, and an environment over MCP. */
export async function openStage(): Promise<Stage> {
  const provider = await scriptedProvider();
  const [head, chat, responses, environment] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  const here = workspace({
    'weather.mjs': TOOLS,
    'example.jsonl': '{"city": "Lima", "responses_create_params": {"input": "hi"}}\n',
    'stage.yaml': `
head_server: { host: 127.0.0.1, port: ${head} }
chat_model:
  responses_api_models:
    inference_provider:
      { entrypoint: app.py, base_url: "${provider.baseUrl}", api_key: sk-test-0123456789, model: scripted, port: ${chat}, unsupported_tools: drop }
responses_model:
  responses_api_models:
    openai_model:
      { entrypoint: app.py, openai_base_url: "${provider.baseUrl}", openai_api_key: sk-test-0123456789, openai_model: scripted, port: ${responses}, unsupported_tools: drop }
weather:
  resources_servers:
    weather: { entrypoint: weather.mjs, domain: agent, port: ${environment}, expose_tools_over_mcp: true }
weather_agent:
  responses_api_agents:
    simple_agent:
      entrypoint: app.py
      resources_server: { type: resources_servers, name: weather }
      model_server: { type: responses_api_models, name: chat_model }
      datasets: [{ name: example, type: example, jsonl_fpath: example.jsonl }]
`,
  });
  const program = start(['+config_paths=[stage.yaml]'], { cwd: here.cwd, name: 'ng_run' });
  await program.said('ready; head server at');
  provider.clear();
  const at = (port: number): string => `http://127.0.0.1:${port}`;
  return {
    provider,
    urls: { chat: at(chat), responses: at(responses), environment: at(environment) },
    async close() {
      program.child.kill('SIGKILL');
      await program.finished;
      await provider.close();
      here.remove();
    },
  };
}

/** Nothing but this machine: whoever asks elsewhere through a proxy is refused at once. */
export const LOCAL_ONLY = {
  NO_PROXY: '127.0.0.1,localhost',
  no_proxy: '127.0.0.1,localhost',
  HTTP_PROXY: 'http://127.0.0.1:9',
  HTTPS_PROXY: 'http://127.0.0.1:9',
  http_proxy: 'http://127.0.0.1:9',
  https_proxy: 'http://127.0.0.1:9',
};

export interface Played {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface CommandOptions {
  cwd: string;
  env?: Record<string, string>;
  /** Unit: milliseconds. */
  limitMs?: number;
}

/** Runs a client's program in a clean environment, with an empty standard input. */
export async function command(
  program: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<Played> {
  const { stop, finished } = background(program, args, options);
  const limit = setTimeout(stop, options.limitMs ?? 150_000);
  try {
    return await finished;
  } finally {
    clearTimeout(limit);
  }
}

export interface Background {
  finished: Promise<Played>;
  stop: () => void;
}

/** The same for a program that stays. */
export function background(program: string, args: readonly string[], options: CommandOptions): Background {
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { PATH: process.env['PATH'], HOME: options.cwd, ...LOCAL_ONLY, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const finished = new Promise<Played>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { finished, stop: () => void child.kill('SIGKILL') };
}

/** Waits until an address answers with any status. */
export async function untilAnswers(url: string, program: Background): Promise<void> {
  let ended: Played | undefined;
  void program.finished.then((played) => (ended = played));
  for (;;) {
    if (ended !== undefined)
      throw new Error(`it ended with ${ended.code}: ${(ended.stderr + ended.stdout).slice(-2000)}`);
    try {
      await fetch(url);
      return;
    } catch {
      await sleep(200);
    }
  }
}
