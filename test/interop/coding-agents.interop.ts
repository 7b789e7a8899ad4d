import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workspace } from '../cli/program.js';
import { client, command, openStage, type Stage } from './stage.js';

const UPSTREAMS = ['chat', 'responses'] as const;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => (stage as Stage | undefined)?.close());

const lines = (text: string) =>
  text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));

const codex = client('codex');

describe.skipIf(codex.skip)(`Codex with its defaults${codex.title}`, () => {
  it.each(UPSTREAMS)('runs a command and answers, over a %s provider', async (upstream) => {
    const here = workspace({
      'home/config.toml': `
model = "scripted"
model_provider = "ngym"
[model_providers.ngym]
name = "ngym"
base_url = "${stage.urls[upstream]}/v1"
wire_api = "responses"
`,
    });
    try {
      const prompt =
        '[tool: exec_command {"cmd":"echo made here > made.txt && cat made.txt"}] [answer: all is done]';
      const { code, stdout, stderr } = await command(
        path.join(codex.folder, 'node_modules/.bin/codex'),
        ['exec', '--json', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox', prompt],
        { cwd: here.cwd, env: { CODEX_HOME: path.join(here.cwd, 'home') } },
      );
      expect(code, stdout + stderr).toBe(0);
      const events = lines(stdout);
      const commands = events.filter(
        ({ item }) => item?.type === 'command_execution' && item.exit_code === 0,
      );
      expect(commands.map(({ item }) => item.aggregated_output)).toEqual(['made here\n']);
      expect(events.findLast(({ item }) => item?.type === 'agent_message').item.text).toBe('all is done');
      const { usage } = events.at(-1);
      expect(usage.input_tokens).toBeGreaterThan(0);
      expect(usage.output_tokens).toBeGreaterThan(0);
      expect(readFileSync(path.join(here.cwd, 'made.txt'), 'utf8')).toBe('made here\n');
    } finally {
      here.remove();
    }
  });
});

const claude = client('claude-code');

describe.skipIf(claude.skip)(`Claude Code with its defaults${claude.title}`, () => {
  it.each(UPSTREAMS)('runs a command and answers, over a %s provider', async (upstream) => {
    const here = workspace();
    try {
      const call = '{"command":"echo made here > made.txt && cat made.txt","description":"make it"}';
      const flags = ['--output-format', 'stream-json', '--verbose', '--dangerously-skip-permissions'];
      const { code, stdout, stderr } = await command(
        path.join(claude.folder, 'node_modules/.bin/claude'),
        ['-p', `[tool: Bash ${call}] [answer: all is done]`, '--model', 'scripted', ...flags],
        {
          cwd: here.cwd,
          env: {
            // It refuses to skip its questions as root unless it is told that it is in a box.
            IS_SANDBOX: '1',
            ANTHROPIC_BASE_URL: stage.urls[upstream],
            ANTHROPIC_API_KEY: 'none',
            DISABLE_TELEMETRY: '1',
            DISABLE_AUTOUPDATER: '1',
            DISABLE_ERROR_REPORTING: '1',
            CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
          },
        },
      );
      expect(code, stdout + stderr).toBe(0);
      const events = lines(stdout);
      const { result, is_error: failed, usage } = events.at(-1);
      expect({ result, failed }).toEqual({ result: 'all is done', failed: false });
      expect(usage.input_tokens).toBeGreaterThan(0);
      expect(usage.output_tokens).toBeGreaterThan(0);
      expect(stdout).toContain('"tool_result"');
      expect(existsSync(path.join(here.cwd, 'made.txt'))).toBe(true);
    } finally {
      here.remove();
    }
  });
});
