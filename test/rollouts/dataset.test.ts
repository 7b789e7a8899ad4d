import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Counters } from '../../src/rollouts/dataset/counters.js';
import { DigestIndex } from '../../src/rollouts/dataset/digest-index.js';
import type { ExpandOptions } from '../../src/rollouts/dataset/expand.js';
import { readLines } from '../../src/rollouts/dataset/lines.js';
import type { Plan } from '../../src/rollouts/dataset/plan.js';
import { digestData, materialize } from '../../src/rollouts/dataset/plan.js';
import { Workspace } from './workspace.js';

let space: Workspace;
beforeEach(() => (space = new Workspace()));
afterEach(() => space.remove());

const OPTIONS: ExpandOptions = {
  routing: { agentMap: { _default: 'ag' }, fanOut: null, agentOfSource: (source) => source },
  numRepeats: 1,
  addSeed: false,
  requestOverrides: {},
  template: null,
  skillsRef: null,
};

async function plan(
  text: string,
  options: Partial<ExpandOptions> = {},
  limit: number | null = null,
): Promise<Plan> {
  const input = space.write('in.jsonl', text);
  return materialize({
    input,
    target: space.file('out.jsonl'),
    limit,
    expand: { ...OPTIONS, ...options },
  });
}

const row = (extra: string): string => `{"responses_create_params":{"input":"hi"}${extra}}`;
const indices = (): string[] => space.keys('out.jsonl');

describe('readLines', () => {
  it('tells lines, their numbers, their ends and bad bytes, at any chunk boundary', async () => {
    const long = 'x'.repeat(300_000);
    const file = space.write('a.txt', `one\r\ntwo\n\n${long}\nlast`);
    const lines = [];
    for await (const line of readLines(file)) lines.push(line);
    expect(lines.map(({ text, number, terminated }) => [text.length, number, terminated])).toEqual([
      [3, 1, true],
      [3, 2, true],
      [0, 3, true],
      [300_000, 4, true],
      [4, 5, false],
    ]);
    const { writeFileSync } = await import('node:fs');
    writeFileSync(space.file('b.txt'), Buffer.from([0x61, 0xff, 0x0a, 0xef, 0xbf, 0xbd, 0x0a]));
    const valid = [];
    for await (const line of readLines(space.file('b.txt'))) valid.push(line.valid);
    expect(valid).toEqual([false, true]);
  });
});

describe('DigestIndex and Counters', () => {
  it('number texts and count keys like maps do', () => {
    const index = new DigestIndex();
    const counters = new Counters();
    const first = Array.from({ length: 5000 }, (_, i) => index.indexOf(`text ${i}`));
    expect(first).toEqual(Array.from({ length: 5000 }, (_, i) => i));
    expect(index.indexOf('text 1234')).toBe(1234);
    expect(index.size).toBe(5000);
    const model = new Map<number, number>();
    for (let i = 0; i < 20_000; i += 1) {
      const key = i % 3 === 0 ? (i * 7919) % 3000 : i % 3 === 1 ? -(i % 50) : 5000 + ((i * 31) % 4000);
      expect(counters.add(key, 2)).toBe(model.get(key) ?? 0);
      model.set(key, (model.get(key) ?? 0) + 2);
    }
  });
});

describe('materialize', () => {
  it('keeps keys in their order and values in their form, and adds what the reference adds', async () => {
    await plan(
      '{"q": 1.0, "responses_create_params": {"input": "h\\u00e9", "temperature": 1}, "big": 12345678901234567890}\n',
      {
        requestOverrides: { temperature: 0.5, top_p: 1, max_output_tokens: 10 },
      },
    );
    expect(space.read('out.jsonl')).toBe(
      '{"q":1.0,"responses_create_params":{"input":"hé","temperature":0.5,"top_p":1.0,"max_output_tokens":10},' +
        '"big":12345678901234567890,"agent_ref":{"name":"ag"},"_ng_task_index":0,"_ng_rollout_index":0}\n',
    );
  });

  it('gives equal lines one task; rollouts go on counting; a missing last newline makes a new text', async () => {
    const one = row(',"q":1');
    await plan(`${one}\n${row(',"q":2')}\n${one}\n${one}`, { numRepeats: 2 });
    expect(indices()).toEqual(['0:0', '0:1', '0:2', '0:3', '1:0', '1:1', '2:0', '2:1']);
  });

  it('keeps task indices that rows bring', async () => {
    await plan(`${row(',"_ng_task_index":7')}\n${row(',"_ng_task_index":7,"x":1')}\n${row('')}\n`);
    expect(indices()).toEqual(['0:0', '7:0', '7:1']);
  });

  it('repeats per agent, with a default', async () => {
    const text = `${row(',"agent_ref":{"name":"a"}')}\n${row(',"agent_ref":{"type":"t","name":"b"}')}\n`;
    const routing = { ...OPTIONS.routing, agentMap: null };
    const made = await plan(text, { routing, numRepeats: { a: 2, _default: 1 } });
    expect(made.agents).toEqual({ a: 2, b: 1 });
    await expect(plan(text, { routing, numRepeats: { a: 2 } })).rejects.toThrow(
      'num_repeats names neither "b" nor _default',
    );
  });

  it('puts the number of the repeat into metadata.extra_body as the seed', async () => {
    await plan(
      '{"responses_create_params":{"input":"x","metadata":{"a":"b","extra_body":"{\\"top_k\\": 1.0}"}}}\n',
      {
        numRepeats: 2,
        addSeed: true,
      },
    );
    const bodies = space.rows('out.jsonl').map((row) => {
      const { metadata } = row['responses_create_params'] as { metadata: Record<string, string> };
      return [metadata['a'], metadata['extra_body']];
    });
    expect(bodies).toEqual([
      ['b', '{"top_k": 1.0, "seed": 0}'],
      ['b', '{"top_k": 1.0, "seed": 1}'],
    ]);
  });

  it('fills a prompt template', async () => {
    const template = { file: 'p.yaml', sha256: '', user: 'Q: {q} {n:.2f}', system: 'S' };
    await plan('{"q":"x","n":1.0,"responses_create_params":{"input":[],"top_p":0.5}}\n{"q":true,"n":2}\n', {
      template,
    });
    expect(space.rows('out.jsonl').map((r) => r['responses_create_params'])).toEqual([
      {
        input: [
          { role: 'system', content: 'S' },
          { role: 'user', content: 'Q: x 1.00' },
        ],
        top_p: 0.5,
      },
      {
        input: [
          { role: 'system', content: 'S' },
          { role: 'user', content: 'Q: True 2.00' },
        ],
      },
    ]);
    await expect(plan('{"q":1}\n', { template })).rejects.toThrow('no field "n"');
    await expect(plan(`${row(',"q":1,"n":1')}\n`, { template })).rejects.toThrow(
      'has "responses_create_params.input"',
    );
  });

  it('lists every bad line with file and number, and leaves no file', async () => {
    const text = `${row('')}\n{"a":\n\n[1]\n{"a":1}\n{"responses_create_params":[]}\n${row(',"_ng_task_index":"x"')}\n`;
    const error = await plan(text).catch((e: unknown) => String(e));
    const file = space.file('in.jsonl');
    expect(error).toContain('6 rows of the dataset cannot be used; nothing was sent');
    expect(error).toContain(`${file}:2: not JSON: `);
    expect(error).toContain(`${file}:3: blank line`);
    expect(error).toContain(`${file}:4: not a JSON object but a list`);
    expect(error).toContain(`${file}:5: no "responses_create_params"`);
    expect(error).toContain(`${file}:6: "responses_create_params" is not an object`);
    expect(error).toContain(`${file}:7: "_ng_task_index" is not an integer`);
    expect(existsSync(space.file('out.jsonl'))).toBe(false);
    expect(existsSync(space.file('out.jsonl.partial'))).toBe(false);
    const routing = { ...OPTIONS.routing, agentMap: null };
    await expect(plan(`${row('')}\n`, { routing })).rejects.toThrow('no default agent was given (--agent)');
  });

  it('reads only as many lines as the limit, and digests what it read', async () => {
    const text = `${row('')}\n${row(',"q":2')}\nnot json\n`;
    const made = await plan(text, {}, 2);
    expect(made).toMatchObject({ rows: 2, planned: 2 });
    expect(made.dataSha256).toBe(await digestData(space.file('in.jsonl'), 2));
    expect(made.tasksSha256).toBe(createHash('sha256').update(space.read('out.jsonl')).digest('hex'));
    await expect(plan(text, {}, -1)).rejects.toThrow('limit=-1 leaves no rows');
    await expect(plan('')).rejects.toThrow('The dataset has no rows');
  });
});
