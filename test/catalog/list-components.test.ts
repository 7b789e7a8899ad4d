import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listComponents, type ComponentKind } from '../../src/catalog/index.js';

let root: string;
const shipped = path.resolve(import.meta.dirname, '../../configs');

function put(file: string, text: string): string {
  const full = path.join(root, file);
  mkdirSync(path.dirname(full), { recursive: true });
  writeFileSync(full, text);
  return full;
}

const server = (name: string, domain: string): string =>
  `${name}:\n  resources_servers:\n    ${name}: {entrypoint: app.py, domain: ${domain}, description: About ${name}}\n`;
const agent = (name: string): string =>
  `${name}_agent:\n  responses_api_agents:\n    simple_agent: {entrypoint: app.py, resources_server: {type: resources_servers, name: ${name}}}\n`;

beforeAll(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'ngym-catalog-'));
  put('resources_servers/alpha/configs/alpha.yaml', server('alpha', 'math') + agent('alpha'));
  put('resources_servers/alpha/configs/alpha_hard.yaml', server('alpha', 'math') + agent('alpha'));
  put('resources_servers/bare/configs/bare.yaml', server('bare', 'other'));
  put('resources_servers/broken/configs/broken.yaml', 'a: [1,\n  b: }');
  put(
    'responses_api_models/vend/configs/fast.yaml',
    '# Vend, fast.\n# Needs a key.\npolicy_model:\n  responses_api_models:\n    vend: {entrypoint: app.py, base_url: http://h, model: "${policy_model_name}"}\n',
  );
  put('benchmarks/group/one/config.yaml', server('one', 'math') + agent('one'));
  put('benchmarks/group/one/hard.yaml', server('one', 'math') + agent('one'));
});
afterAll(() => rmSync(root, { recursive: true }));

const names = (kind: ComponentKind): unknown[] =>
  listComponents(kind, { roots: [root], native: new Set(['alpha']), other: () => 'bridge' }).map(
    ({ row }) => row['name'],
  );

describe('listComponents', () => {
  it('names what the selector flags take', () => {
    expect(names('resources-servers')).toEqual(['alpha', 'alpha/alpha_hard', 'bare']);
    expect(names('models')).toEqual(['vend/fast']);
    expect(names('benchmarks')).toEqual(['group/one', 'group/one/hard']);
    expect(names('agents')).toEqual(['alpha_agent', 'one_agent']);
    expect(names('environments')).toEqual(['alpha', 'alpha/alpha_hard']);
  });

  it('keeps the keys of the reference in its rows and details', () => {
    const [model] = listComponents('models', { roots: [root], native: new Set(), other: () => 'bridge' });
    expect(model).toEqual({
      row: { name: 'vend/fast', model: '${policy_model_name}', model_group: 'vend' },
      detail: {
        name: 'vend/fast',
        type: 'models',
        domain: null,
        description: 'Vend, fast. Needs a key.',
        details: {
          config: path.join(root, 'responses_api_models/vend/configs/fast.yaml'),
          instance: 'policy_model',
          base_url: 'http://h',
          model: '${policy_model_name}',
        },
        usage_example:
          'ng eval run --model-type vend/fast --resources-server mcqa --agent mcqa_simple_agent …',
      },
    });
    const [found] = listComponents('agents', { roots: [root], native: new Set(), other: () => 'bridge' });
    expect(found!.row).toEqual({
      name: 'alpha_agent',
      pattern: 'simple_agent',
      self_contained: true,
      variants: 2,
      description: 'About alpha',
    });
  });

  it('says which environments run here', () => {
    const status = (native: string[]): unknown =>
      listComponents('environments', { roots: [root], native: new Set(native), other: () => 'bridge' })[0]!
        .row['status'];
    expect(status(['alpha'])).toBe('native');
    expect(status([])).toBe('bridge');
  });

  it('takes the first root that has a file', () => {
    const other = path.join(root, 'other');
    put(
      'other/responses_api_models/vend/configs/fast.yaml',
      'm: {responses_api_models: {vend: {model: mine}}}\n',
    );
    const rows = listComponents('models', {
      roots: [other, root],
      native: new Set(),
      other: () => 'bridge',
    }).map(({ row }) => row['model']);
    expect(rows).toEqual(['mine']);
  });

  it('finds something of each kind that ships', () => {
    for (const kind of ['models', 'agents', 'environments', 'resources-servers'] as const) {
      expect(
        listComponents(kind, { roots: [shipped], native: new Set(), other: () => 'bridge' }).length,
      ).toBeGreaterThan(3);
    }
  });
});
