import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { client, command, openStage, PROMPT, type CommandOptions, type Stage } from './stage.js';

const UPSTREAMS = ['chat', 'responses'] as const;
const SCRIPTS = path.join(import.meta.dirname, 'scripts');

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => (stage as Stage | undefined)?.close());

interface Seen {
  seen: Record<
    string,
    {
      text: string;
      streamed: string;
      pieces: string[];
      usage: number[];
      error: { status?: number; message: string } | null;
    }
  >;
  /** The cities that the tool was asked for. */
  calls: string[];
}

async function play(program: string, args: string[], options: CommandOptions): Promise<Seen> {
  const { code, stdout, stderr } = await command(program, args, options);
  expect(code, stdout + stderr).toBe(0);
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Seen;
}

/** Every dialect that a client speaks: a call of the tool, its result taken back, pieces of a stream, an error. */
function expectAllGood({ seen, calls }: Seen, dialects: string[], callsEach: number): void {
  expect(Object.keys(seen)).toEqual(dialects);
  for (const [name, { text, streamed, pieces, usage, error }] of Object.entries(seen)) {
    expect({ text, streamed }, name).toEqual({ text: 'all is done', streamed: 'all is done' });
    expect(pieces.length, name).toBeGreaterThan(1);
    expect(Math.min(...usage), name).toBeGreaterThan(0);
    expect(error?.message, name).toContain('refused by the script');
    expect(error?.status, name).toBe(400);
    expect(error?.message, name).not.toContain(new URL(stage.provider.url).host);
  }
  expect(calls).toEqual(Array<string>(dialects.length * callsEach).fill('Paris'));
}

for (const [name, dialects] of [
  ['openai-agents', ['responses', 'chat']],
  ['ai-sdk', ['responses', 'chat', 'compatible', 'anthropic']],
] as const) {
  const { folder, skip, title } = client(name);
  describe.skipIf(skip)(`${name} for Node${title}`, () => {
    it.each(UPSTREAMS)(
      'calls tools, streams and fails as it should, over a %s provider',
      async (upstream) => {
        // Beside its packages, where Node finds them.
        const script = path.join(folder, `${name}.mjs`);
        copyFileSync(path.join(SCRIPTS, `${name}.mjs`), script);
        const played = await play(process.execPath, [script, stage.urls[upstream], PROMPT], { cwd: folder });
        expectAllGood(played, [...dialects], 2);
      },
    );
  });
}

const python = client('python');

describe.skipIf(python.skip)(`Python clients${python.title}`, () => {
  it.each([
    ['litellm', ['openai/any', 'anthropic/any', 'hosted_vllm/any'], 1],
    ['langchain-openai', ['chat', 'responses'], 1],
    ['openai-agents', ['responses', 'chat'], 2],
  ] as const)('%s calls tools, streams and fails as it should', async (name, dialects, callsEach) => {
    const script = path.join(SCRIPTS, 'clients.py');
    const played = await play(
      path.join(python.folder, 'bin/python'),
      [script, stage.urls.chat, PROMPT, name],
      {
        cwd: python.folder,
        env: { LITELLM_LOCAL_MODEL_COST_MAP: 'True', LANGSMITH_TRACING: 'false' },
      },
    );
    expectAllGood(played, [...dialects], callsEach);
  });

  it('mcp lists and calls tools of an environment whose rows have required keys', async () => {
    const { code, stdout, stderr } = await command(
      path.join(python.folder, 'bin/python'),
      [path.join(SCRIPTS, 'mcp_client.py'), `${stage.urls.environment}/mcp`],
      { cwd: python.folder },
    );
    expect(code, stdout + stderr).toBe(0);
    expect(JSON.parse(stdout.trim().split('\n').at(-1)!)).toEqual({
      tools: ['home', 'get_weather'],
      home: { text: 'Lima', failed: false },
      weather: { text: 'sunny in Paris', failed: false },
      unknown: true,
    });
  });
});
