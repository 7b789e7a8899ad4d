import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanRow } from '../../src/metrics/index.js';

describe('scanRow', () => {
  it('reads indices, agent, numbers with their form, usage and wanted fields', () => {
    const row = scanRow(
      ' { "reward" : 1.0, "ok":true, "n":-2,"big":123456789012345678901, "text":"a\\"}{",' +
        '"nested":{"reward":5,"s":"]}"},"list":[1,[2]],"none":null,' +
        '"response":{"output":[{"usage":{"x":1}}],"usage":{"input_tokens":7,"d":{"y":1},"output_tokens":2}},' +
        '"_ng_task_index":3,"_ng_rollout_index":1,"agent_ref":{"type":"t","name":"ag"},"answer":["A"]}',
      new Set(['answer', 'absent']),
    );
    expect(row).toMatchObject({ task: 3, rollout: 1, agent: 'ag' });
    expect(row.numbers).toEqual([
      { name: 'reward', value: 1, kind: 'float' },
      { name: 'ok', value: 1, kind: 'int' },
      { name: 'n', value: -2, kind: 'int' },
      { name: 'big', value: 123456789012345680000, kind: 'int', exact: '123456789012345678901' },
    ]);
    expect(row.usage.map(({ name, value }) => [name, value])).toEqual([
      ['input_tokens', 7],
      ['output_tokens', 2],
    ]);
    expect([...row.captured]).toEqual([['answer', '["A"]']]);
  });

  it('finds the numbers that JSON.parse finds', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (given) => {
        const reserved = new Set(['agent_ref', 'response', 'mask_sample', 'failure_kind', 'failure_reason']);
        const row = Object.fromEntries(
          Object.entries(given).filter(([key]) => !reserved.has(key) && !key.startsWith('_')),
        );
        const found = scanRow(JSON.stringify(row)).numbers.map(({ name, value }) => [name, value]);
        const expected = Object.entries(JSON.parse(JSON.stringify(row)) as Record<string, unknown>)
          .filter(([, value]) => typeof value === 'number' || typeof value === 'boolean')
          .map(([name, value]) => [name, Number(value)]);
        expect(found).toEqual(expected);
      }),
    );
  });

  it('takes no number whose key begins with an underscore, as 0.7.0', () => {
    expect(scanRow('{"_ng_attempt_index":2,"_x":1.5,"x_":1}').numbers).toEqual([
      { name: 'x_', value: 1, kind: 'int' },
    ]);
  });

  it('refuses every torn beginning of a row', () => {
    const line =
      '{"reward":1.0,"response":{"output":[{"t":"x\\\\"}],"usage":{"n":1}},"agent_ref":{"name":"a"}}';
    for (let length = 0; length < line.length; length++) {
      expect(() => scanRow(line.slice(0, length)), line.slice(0, length)).toThrow(SyntaxError);
    }
    expect(scanRow(line).agent).toBe('a');
  });

  it('refuses two rows on one line', () => {
    expect(() => scanRow('{"reward":1}{"reward":0}')).toThrow('text after the end');
  });
});
