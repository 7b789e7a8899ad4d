import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listComponents, searchIn } from '../../src/catalog/index.js';

let root: string;
beforeAll(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'ngym-search-'));
  const put = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  const agent = (name: string, kind: string): string =>
    `${name}_agent:\n  responses_api_agents:\n    ${kind}: {entrypoint: app.py, resources_server: {type: resources_servers, name: ${name}}, datasets: [{name: e, type: example, license: MIT, jsonl_fpath: rows/${name}.jsonl}]}\n`;
  const server = (name: string, keys: string): string =>
    `${name}:\n  resources_servers:\n    ${name}: {entrypoint: app.py, ${keys}}\n`;
  put(
    'resources_servers/quiz/configs/quiz.yaml',
    server('quiz', 'domain: knowledge, judge_model_server: {type: responses_api_models, name: j}') +
      agent('quiz', 'simple_agent'),
  );
  put(
    'resources_servers/game/configs/game.yaml',
    server('game', 'domain: games') + agent('game', 'gymnasium_agent'),
  );
  put(
    'resources_servers/fixer/configs/fixer.yaml',
    server('fixer', 'domain: coding, base_url: "http://h"') + agent('fixer', 'simple_agent'),
  );
  put('rows/quiz.jsonl', '{"responses_create_params":{"input":[]}}\n{}\n\n');
  put(
    'rows/fixer.jsonl',
    '{"responses_create_params":{"input":[],"tools":[{"type":"function","name":"f"}]}}\n',
  );
});
afterAll(() => rmSync(root, { recursive: true }));

const all = () =>
  listComponents('environments', { roots: [root], native: new Set(['quiz']), other: () => 'needs Python' });
const row = (name: string) => all().find((one) => one.row['name'] === name)!.row;
const found = (word: string): unknown[] => searchIn(all(), word).map((one) => one.row['name']);

describe('what is listed of an environment', () => {
  it('is whether it runs here, its tags, rows, licence and agent', () => {
    const judged = { status: 'native', tags: ['judge'], rows: 2, license: 'MIT', agent: 'simple_agent' };
    expect(row('quiz')).toMatchObject(judged);
    expect(row('game')).toMatchObject({ status: 'needs Python', tags: ['multi-turn'], rows: null });
    expect(row('fixer')).toMatchObject({ status: 'elsewhere', tags: ['tools', 'code'], rows: 1 });
  });
});

describe('searchIn', () => {
  it('looks in names first, then in everything else', () => {
    expect(found('GAME')).toEqual(['game']);
    expect(found('judge')).toEqual(['quiz']);
    expect(found('gym')).toEqual(['game']);
    expect(found('e')).toEqual(['fixer', 'game', 'quiz']);
  });

  it('takes a slip of the pen in a longer name only', () => {
    expect(found('fixr')).toEqual([]);
    expect(found('fixxer')).toEqual(['fixer']);
    expect(found('nothing')).toEqual([]);
  });
});
