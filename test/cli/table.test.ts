import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import * as api from '../../src/index.js';
import { COMMANDS, MISSING } from '../../src/cli/command-table.js';
import { explainThrown } from '../../src/cli/failure-text.js';
import { errors } from '../../src/errors/index.js';

const source = path.resolve(import.meta.dirname, '../../src/cli');
const bin = path.resolve(import.meta.dirname, '../../bin');

describe('the command table', () => {
  it.each(COMMANDS.map((command) => [command.path.join(' '), command] as const))(
    'loads %s',
    async (_, command) => {
      expect(typeof (await command.load()).run).toBe('function');
    },
  );

  it('names each file of commands/', () => {
    const loaded = COMMANDS.map(
      (command) => /commands\/([\w-]+)\.(?:js|ts)/.exec(command.load.toString())?.[1],
    );
    expect([...new Set(loaded)].sort()).toEqual(
      readdirSync(path.join(source, 'commands'))
        .map((file) => file.replace(/\.ts$/, ''))
        .sort(),
    );
  });

  it('does not call a command missing that is there', () => {
    const there = COMMANDS.map(({ path }) => path.join(' '));
    expect(Object.keys(MISSING).filter((name) => there.includes(name))).toEqual([]);
  });

  it('shows every parameter of a collection as a flag or in its help', async () => {
    const run = COMMANDS.find(({ path }) => path.join(' ') === 'eval run')!;
    const shown = [
      ...run.flags.map(({ effect }) => ('key' in effect ? effect.key : '')),
      ...(run.parameters ?? []).map(({ key }) => key),
    ].map((key) => key.split('.')[0]);
    expect((await api.collectKeys()).filter((key) => !shown.includes(key))).toEqual([]);
  });
});

describe('the programs', () => {
  it.each(readdirSync(bin).filter((file) => file !== 'start.js'))(
    '%s has three lines and its own name',
    (file) => {
      const name = file.replace(/\.js$/, '');
      expect(readFileSync(path.join(bin, file), 'utf8')).toBe(
        `#!/usr/bin/env node\nimport { start } from './start.js';\nawait start('${name}');\n`,
      );
    },
  );

  it('are those that package.json installs', () => {
    const { bin: listed } = JSON.parse(readFileSync(path.join(bin, '../package.json'), 'utf8')) as {
      bin: Record<string, string>;
    };
    for (const [name, file] of Object.entries(listed)) {
      expect(file).toBe(`bin/${name}.js`);
      expect(existsSync(path.join(bin, '..', file))).toBe(true);
    }
    expect(Object.keys(listed)).toHaveLength(readdirSync(bin).length - 1);
  });
});

describe('what is thrown', () => {
  it('is a message and exit 2 for a mistake', () => {
    const { text, code } = explainThrown(errors.flagWithoutValue('--output', 'eval run'));
    expect(code).toBe(2);
    expect(text).toBe(
      'error: The flag --output needs a value.\n  fix: Run "ng eval run --help" for its flags.\n',
    );
  });

  it('is a stack and exit 70 for anything else', () => {
    const { text, code } = explainThrown(new TypeError('x is not a function'));
    expect(code).toBe(70);
    expect(text).toMatch(/^TypeError: x is not a function\n {4}at [\s\S]*This is an error in ngym/);
    expect(explainThrown('thrown text').text).toMatch(/^thrown text\n/);
  });
});

describe('the public API', () => {
  it('is exactly this', () => {
    expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
      [
        "CallFailure",
        "NgError",
        "addWheel",
        "aggregateRollouts",
        "callArguments",
        "collectKeys",
        "collectRollouts",
        "compareRuns",
        "defineEnvironment",
        "defineMiddleware",
        "describeStatus",
        "discoverServers",
        "dumpConfig",
        "environmentSchema",
        "explainConfig",
        "exportKeys",
        "functionCalls",
        "initEnvironment",
        "inspectConfig",
        "listComponents",
        "loadMiddleware",
        "openGateway",
        "outputText",
        "ownBlock",
        "planRepeats",
        "platformBase",
        "prefetchServers",
        "profileRollouts",
        "renderDataset",
        "renderSummary",
        "reportRun",
        "resolveConfig",
        "resolveForRun",
        "resolveWithoutModel",
        "reverifyRollouts",
        "runGate",
        "runStatus",
        "searchComponents",
        "searchRoots",
        "serversStatus",
        "startPlatform",
        "startServers",
        "tellGitHub",
        "testEnvironment",
        "writeHtmlReport",
      ]
    `);
  });
});
