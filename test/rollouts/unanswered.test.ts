import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ResolvedConfig } from '../../src/config/index.js';
import { loadConfig } from '../../src/config/index.js';
import type { Outcome } from '../../src/protocol/index.js';
import { STOP_REASONS } from '../../src/protocol/index.js';
import { readParameters } from '../../src/rollouts/parameters.js';
import {
  TREATMENTS,
  treatAs,
  treatmentIn,
  treatUnanswered,
  UNANSWERED,
} from '../../src/rollouts/run/unanswered.js';

type Scored = Extract<Outcome, { status: 'scored' }>;

const ended = (stopReason: Scored['stopReason'], reward = 0.25): Scored => ({
  status: 'scored',
  reward,
  result: { responses_create_params: { input: 'q' }, response: { output: [] }, reward, note: 1 },
  stopReason,
  turns: 2,
});

const docs = (page: string): string =>
  readFileSync(path.resolve(import.meta.dirname, '../../docs', page), 'utf8');

function parametersOf(values: object) {
  const required = { input_jsonl_fpath: 'i', output_jsonl_fpath: 'o' };
  const resolved = { values: { ...required, ...values }, origin: () => undefined };
  return readParameters(resolved as unknown as ResolvedConfig, { split: false });
}

describe('endings without an answer', () => {
  it.each(STOP_REASONS)('%s is scored where nothing is asked for', (reason) => {
    const outcome = ended(reason);
    expect(treatUnanswered(outcome, {})).toBe(outcome);
    expect(treatUnanswered(outcome, { [reason]: 'score' })).toBe(outcome);
  });

  it('count as asked, and the row says so', () => {
    const unanswered = { content_filter: 'masked', empty: 'failed', incomplete: 'zero' } as const;
    const masked = treatUnanswered(ended('content_filter'), unanswered);
    expect(masked).toMatchObject({
      status: 'masked',
      stopReason: 'content_filter',
      turns: 2,
      result: {
        reward: 0.25,
        note: 1,
        failure_kind: 'ngym:content_filter',
        _ng_unanswered: { counted_as: 'masked', reward: 0.25 },
      },
    });
    const failed = treatUnanswered(ended('empty'), unanswered);
    expect(failed).toMatchObject({ status: 'failed', kind: 'unanswered', retryable: true });
    expect(failed).not.toHaveProperty('partial.reward');
    expect(failed).toHaveProperty('partial.response');
    const zero = treatUnanswered(ended('incomplete'), unanswered);
    expect(zero).toMatchObject({
      status: 'scored',
      reward: 0,
      result: { reward: 0, _ng_unanswered: { counted_as: 'zero', reward: 0.25 } },
    });
    expect(treatUnanswered(ended('answered'), unanswered)).toEqual(ended('answered'));
  });

  it('leave alone what is no score', () => {
    const failed: Outcome = { status: 'failed', kind: 'dns', message: 'x', retryable: true };
    expect(treatUnanswered(failed, { empty: 'zero' })).toBe(failed);
  });

  it.each(['zero', 'masked'] as const)('%s can be read back from the row', (treatment) => {
    const outcome = treatAs(ended('empty'), treatment) as Extract<Outcome, { result: object }>;
    expect(treatmentIn(outcome.result)).toBe(treatment);
    expect(treatmentIn({ _ng_unanswered: 'x' })).toBe('score');
    expect(treatmentIn({})).toBe('score');
  });

  it('make no other run when they are scored', () => {
    expect(parametersOf({}).unanswered).toBeNull();
    expect(parametersOf({ unanswered: { empty: 'score' } }).unanswered).toBeNull();
    expect(parametersOf({ unanswered: { empty: 'zero' } }).unanswered).toEqual({ empty: 'zero' });
    expect(() => parametersOf({ unanswered: { answered: 'zero' } })).toThrow('not a stop reason without');
  });
});

describe('the pages that tell of them', () => {
  it('name every stop reason, and every way to count one', () => {
    const page = docs('agents.md');
    for (const word of [...STOP_REASONS, ...TREATMENTS]) expect(page).toContain(`\`${word}\``);
    expect(UNANSWERED).not.toContain('answered');
  });

  it.each(['agents.md', 'data-format.md'])('%s shows parameters that are read', async (page) => {
    const shown = [...docs(page).matchAll(/'(\+(?:unanswered|agent_map|fan_out)=[^']+)'/g)];
    expect(shown.length).toBeGreaterThan(0);
    for (const [, argument] of shown) {
      const { values } = await loadConfig({ overrides: [argument!], cwd: import.meta.dirname, env: {} });
      const read = parametersOf(values);
      expect([read.unanswered, read.agentMap, read.fanOut].filter((one) => one !== null)).toHaveLength(1);
    }
  });
});
