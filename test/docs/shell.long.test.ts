import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AGENT_TYPES } from '../../src/agents/index.js';
import { commandKeys } from '../../src/cli/command-keys.js';
import { legacyWords } from '../../src/cli/legacy.js';
import { isClientWord } from '../../src/cli/client-word.js';
import { parseClient } from '../../src/cli/client/run-client.js';
import { parse } from '../../src/cli/parse.js';
import { parseOverride, plainYaml } from '../../src/config/index.js';
import { loadEnvironment } from '../../src/environments/index.js';
import * as api from '../../src/index.js';
import { MODEL_TYPES } from '../../src/models/index.js';
import { ensureBuilt, REPOSITORY } from '../support/build.js';
import { at, BLOCKS, blocks } from './pages.js';
import { commandsOf, Place } from './place.js';

const PROGRAMS = readdirSync(path.join(REPOSITORY, 'bin'))
  .filter((file) => file !== 'start.js')
  .map((file) => file.replace(/\.js$/, ''));
/** Programs of others, whose words are not ours to check. */
const FOREIGN = ['head', 'wandb', 'echo', 'curl', 'jq'];
const STUBBED = [...PROGRAMS, ...FOREIGN, 'npm', 'npx', 'node', 'python3'];

/** What a shell makes of a block: the words of each command of ours, none of them run. */
function wordsOf(text: string): string[][] {
  // One write for each command: both sides of a pipe run at the same time.
  const stubs = STUBBED.map((name) => `${name}() { printf '%s\\0' ${name} "$@" $'\\n' >&3; }`);
  const cwd = mkdtempSync(path.join(tmpdir(), 'ngym-words-'));
  mkdirSync(path.join(cwd, 'results'));
  try {
    const script = `exec 3>&1 >/dev/null\n${stubs.join('\n')}\n${text}`;
    return execFileSync('bash', ['-c', script], { cwd, encoding: 'utf8' })
      .split('\n\0')
      .slice(0, -1)
      .map((command) => command.split('\0').slice(0, -1));
  } finally {
    rmSync(cwd, { recursive: true });
  }
}

const SCRIPTS = (
  JSON.parse(readFileSync(path.join(REPOSITORY, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  }
).scripts;

/** Names of servers that a page may speak of: those that ship, and those that pages define. */
function serverNames(): Set<string> {
  const configs = path.join(REPOSITORY, 'configs');
  const shipped = readdirSync(configs, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => readFileSync(path.join(configs, file), 'utf8'));
  const shown = BLOCKS.filter(({ language }) => language === 'yaml').map(({ text }) => text);
  return new Set([...shipped, ...shown].flatMap((text) => Object.keys(plainYaml(text, 'page.yaml'))));
}

async function knownKeys(type: string, implementation: string): Promise<readonly string[] | undefined> {
  if (type === 'responses_api_models') return (await MODEL_TYPES[implementation]?.())?.knownKeys;
  if (type === 'responses_api_agents') return AGENT_TYPES[implementation]?.configKeys;
  return (await loadEnvironment(implementation))?.configKeys;
}

/** Refuses an override that nothing would read. */
async function checkOverride(token: string): Promise<void> {
  expect(() => parseOverride(token.replaceAll('…', 'x'))).not.toThrow();
  const [top = '', type = '', implementation = '', key] = /^[+~]{0,2}([^=]*)/.exec(token)![1]!.split('.');
  const parameters = new Set([...commandKeys(), ...(await api.collectKeys()), ...(await api.exportKeys())]);
  if (key === undefined) expect(parameters, `nothing reads ${token}`).toContain(top);
  else {
    expect(serverNames()).toContain(top);
    const keys = await knownKeys(type, implementation);
    if (keys !== undefined) expect(keys).toContain(key);
  }
}

/** Refuses words that our programs would refuse, and names that are not there. */
async function checkWords([program = '', ...given]: readonly string[]): Promise<void> {
  const words = given.filter((word) => word !== '…');
  if (FOREIGN.includes(program)) return;
  if (program === 'npm') {
    if (words[0] === 'run') expect(Object.keys(SCRIPTS)).toContain(words[1]);
    return;
  }
  if (program === 'python3') {
    expect(existsSync(path.join(REPOSITORY, words[0]!))).toBe(true);
    return;
  }
  if (program === 'npx') return words[0] === 'ng' ? checkWords(words) : undefined;
  if (program === 'node') return checkWords([path.basename(words[0]!, '.js'), ...words.slice(1)]);
  if (program === 'ng' && isClientWord(words)) {
    // Throws for a word or flag that is not there.
    parseClient(words);
    return;
  }
  const parsed = parse([...legacyWords(program), ...words]);
  if (parsed.kind === 'help') {
    expect(parsed.asked).toBe(true);
    return;
  }
  for (const token of parsed.operands.filter((word) => word.includes('='))) await checkOverride(token);
}

describe('commands that a page only shows', () => {
  it.each([...blocks(['sh'], (marks) => marks.includes('no-run')), ...blocks(['console'])])(
    '%s: programs, flags and parameters exist',
    async (_, { language, text }) => {
      const shown = language === 'console' ? text.split('\n')[0]!.replace(/^\$ /, '') : text;
      // The page shows this one for the mistake that is in it.
      const words = wordsOf(shown.replace('+num_repeat=3', '+num_repeats=3'));
      expect(words.length).toBeGreaterThan(0);
      for (const command of words) await checkWords(command);
    },
  );
});

/** Stored runs that the commands of a page read. */
const RUNS: Readonly<Record<string, readonly string[]>> = {
  'docs/agents.md': ['mcqa'],
  'docs/ci.md': ['mcqa', 'main'],
  'docs/files-and-exit-codes.md': ['r'],
  'docs/html-report.md': ['mcqa_rollouts'],
  'docs/quickstart.md': ['quickstart/mcqa_rollouts'],
  'docs/results.md': ['mcqa', 'before', 'after', 'shard_1'],
};

/** Commands whose verdict is their exit code. */
const VERDICT = /^ng eval gate /;

describe('commands that a page gives', () => {
  let place: Place;
  beforeAll(async () => {
    await ensureBuilt();
    place = await Place.open();
  }, 180_000);
  afterAll(() => place.close());

  const runnable = blocks(['sh'], (marks) => !marks.includes('no-run'));
  // The README's and CONTRIBUTING's own commands install and test: test/readme.long.test.ts runs them.
  const pages = [...new Set(runnable.map(([, { file }]) => file))].filter((file) => file.startsWith('docs/'));

  it.each(pages)('%s: each works as printed, with a provider of ours', async (page) => {
    const cwd = place.folder(page, RUNS[page]);
    for (const block of BLOCKS.filter(({ file }) => file === page)) {
      const [mark = ''] = block.marks;
      if (block.language === 'yaml' && mark.endsWith('.yaml') && mark !== 'env.yaml') {
        writeFileSync(path.join(cwd, mark), block.text);
      }
    }
    for (const [, block] of runnable.filter(([, { file }]) => file === page)) {
      for (const command of commandsOf(block.text)) {
        const reachable = command.replace(
          /inference_provider(\/configs)?\/together\b/g,
          (_, configs?: string) =>
            configs === undefined ? 'inference_provider' : 'inference_provider/configs/inference_provider',
        );
        const { status, output } = await place.run(cwd, reachable);
        const good = VERDICT.test(command) ? [0, 1, 3, 4] : [0];
        expect(good, `${at(block)}: ${command}\n${output}`).toContain(status);
      }
    }
  });
});
