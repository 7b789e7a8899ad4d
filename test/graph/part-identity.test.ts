import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.js';
import type { ConfigObject } from '../../src/config/index.js';
import { identifyPart } from '../../src/graph/index.js';

type Block = Record<string, string | number | object>;

/** What a server with this block shares with a resumption of its run. */
async function identity(type: string, implementation: string, block: Block) {
  const resolved = await loadConfig({
    cwd: import.meta.dirname,
    env: {},
    overrides: [],
    initial: { s: { [type]: { [implementation]: block as ConfigObject } } },
  });
  const [server] = resolved.servers;
  const masked = ((resolved.redacted()['s'] as ConfigObject)[type] as ConfigObject)[implementation];
  return identifyPart(resolved, server!, masked as ConfigObject);
}

const notes = { entrypoint: 'app.py', domain: 'other', description: 'd', value: 1 };

describe('identifyPart', () => {
  it('keeps of a built-in environment what its schema names, what is unknown, and its version', async () => {
    const block = { ...notes, grading_mode: 'lenient_boxed', tool_timeout_seconds: 5, seed: 3 };
    expect(await identity('resources_servers', 'mcqa', block)).toMatchObject({
      block: { grading_mode: 'lenient_boxed', seed: 3 },
      code: { version: 2 },
      reverifyMode: 'stateless',
    });
  });

  it.each(['resources_servers', 'responses_api_agents'])(
    'keeps of what runs elsewhere all but address and credentials: %s',
    async (type) => {
      const kept = { ...notes, max_attempts: 3, think_seconds: 5 };
      const block = { ...kept, base_url: 'http://127.0.0.1:9', server_token: 'secret-token-1234', port: 5 };
      const part = await identity(type, 'theirs', block);
      expect(part.block).toEqual(kept);
      expect(part.code).toBeUndefined();
    },
  );

  it('keeps the content of a prompt that a judge is asked with', async () => {
    const block = { ...notes, judge_prompt_path: 'prompts/ngym_judge.yaml' };
    const { code } = await identity('resources_servers', 'simpleqa', block);
    expect(code?.named).toEqual({ judge_prompt_path: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
    expect((await identity('resources_servers', 'mcqa', block)).code?.named).toBeUndefined();
  });

  it('keeps of an agent what bears on what it plays', async () => {
    const own = { max_steps: 3, token_id_capture: { a: 1 }, odd_key: 1 };
    const block = { ...notes, ...own, episode_timeout_seconds: 5 };
    expect((await identity('responses_api_agents', 'simple_agent', block)).block).toEqual(own);
    const service = {
      ...notes,
      agent_base_url: 'http://a',
      concurrency: 2,
      run_timeout_secs: 3,
      max_turns: 4,
    };
    expect((await identity('responses_api_agents', 'remote_agent', service)).block).toEqual({ max_turns: 4 });
  });

  it('keeps all of a block whose type nobody knows', async () => {
    expect((await identity('resources_servers', 'nobody', notes)).block).toEqual(notes);
  });

  it('never holds a secret', async () => {
    const part = await identity('resources_servers', 'theirs', {
      ...notes,
      base_url: 'http://127.0.0.1:9',
      judge_api_key: 'sk-judge-0123456789',
    });
    expect(JSON.stringify(part)).not.toContain('sk-judge');
  });
});
