import { describe, expect, it } from 'vitest';
import { aggregateScores, isPassed } from '../../../src/environments/kit/aggregate-scores.js';
import { asText } from '../../../src/environments/kit/as-text.js';
import { lastBoxContent } from '../../../src/environments/kit/boxed-content.js';
import { inTurnOrAtOnce } from '../../../src/environments/kit/in-turn.js';
import { lastCapture } from '../../../src/environments/kit/last-capture.js';
import {
  assistantLines,
  assistantParts,
  finalAssistantText,
  lastAssistantText,
  lastWrittenText,
  outputLines,
} from '../../../src/environments/kit/reply-text.js';
import {
  ofMetadata,
  optionalText,
  repeated,
  rowId,
  taskId,
} from '../../../src/environments/kit/row-fields.js';
import { thinkingIsCutOff, withoutThinking } from '../../../src/environments/kit/thinking.js';
import { lastPlainQuestion, lastQuestion } from '../../../src/environments/kit/user-text.js';
import type { ResponsesReply } from '../../../src/protocol/index.js';
import { reply } from '../support.js';

type Item = ResponsesReply['output'][number];
const says = (role: string, content: string | string[] | null): Item => ({
  type: 'message',
  role,
  content: Array.isArray(content) ? content.map((text) => ({ type: 'output_text', text })) : content,
});

describe('texts of a reply', () => {
  it('differ by who says what, in which form', () => {
    const one = reply(
      says('assistant', ['a', '']),
      says('user', ['u']),
      says('assistant', 'b'),
      says('assistant', ['']),
    );
    expect(assistantLines(one)).toBe('a\n\nb');
    expect(assistantParts(one)).toBe('a');
    expect(outputLines(one)).toBe('a\n\nu');
    expect(lastAssistantText(one)).toBe('b');
    expect(lastWrittenText(one)).toBe('');
    expect(finalAssistantText(one)).toBe('');
    const none = reply(says('assistant', ['a']), says('assistant', []));
    expect(lastWrittenText(none)).toBe('a');
    expect(finalAssistantText(none)).toBe('');
  });

  it('lose their thoughts', () => {
    expect(withoutThinking('<think>x</think> a <thinking>y</thinking>')).toBe('a');
    expect(withoutThinking('x</think> a')).toBe('a');
    expect(withoutThinking('a <think>x')).toBe('a <think>x');
    expect(thinkingIsCutOff('a <think>x')).toBe(true);
    expect(thinkingIsCutOff('<think>x</think>')).toBe(false);
  });

  it('hold a box, or what a pattern captures', () => {
    expect(lastBoxContent('\\boxed{a} \\boxed{ {b} }')).toBe(' {b} ');
    expect(lastBoxContent('\\boxed{a')).toBeNull();
    expect(lastCapture(String.raw`^Answer:\s*(.*?)$`, 'Answer: a\nAnswer:  b \nend')).toBe('b');
    expect(lastCapture('(x)?b', 'a b')).toBe('b');
    expect(lastCapture('(', 'all of it')).toBe('all of it');
    expect(lastCapture('z', 'all of it')).toBe('all of it');
  });
});

describe('what was asked', () => {
  it('is the last message of the user', () => {
    const input = [
      { role: 'user', content: 'one' },
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'two' },
          { type: 'input_image' },
          { type: 'input_text', text: 'x' },
        ],
      },
      { role: 'user', content: [{ type: 'input_image' }] },
      { role: 'assistant', content: 'no' },
    ];
    expect(lastPlainQuestion({ input })).toBe('one');
    expect(lastQuestion({ input })).toBe('two\nx');
    expect(lastQuestion({ input: 'a text' })).toBe('');
  });
});

describe('fields of a row', () => {
  it('are as lenient as those of the reference', () => {
    expect([5, '5', true, null, undefined].map((id) => rowId.parse(id))).toEqual([
      5,
      '5',
      1,
      null,
      undefined,
    ]);
    expect(rowId.safeParse(5.5).success).toBe(false);
    expect(['5', 5, true, null, undefined].map((id) => taskId.parse(id))).toEqual([5, 5, 1, null, undefined]);
    expect(taskId.safeParse('five').success).toBe(false);
    expect(optionalText.safeParse(5).success).toBe(false);
    expect([ofMetadata({ a: null }, 'a', 1), ofMetadata({}, 'a', 1), ofMetadata(null, 'a', 1)]).toEqual([
      null,
      1,
      1,
    ]);
    expect(repeated({ a: 1 }, 'a', 'b')).toEqual({ a: 1, b: null });
    expect([asText('x'), asText(null), asText([1, 'y', true])]).toEqual(['x', 'None', "[1, 'y', True]"]);
  });
});

describe('several scores', () => {
  it('become one', () => {
    const scores = [1, 0, 1];
    expect(aggregateScores('mean', scores)).toBeCloseTo(2 / 3, 12);
    expect(aggregateScores('weighted', scores, [1, 2, 1])).toBe(0.5);
    expect(aggregateScores('weighted', scores, [0, 0, 0])).toBe(0);
    expect([aggregateScores('min', scores), aggregateScores('max', scores)]).toEqual([0, 1]);
    expect([aggregateScores('all', scores), aggregateScores('any', scores)]).toEqual([0, 1]);
    expect([aggregateScores('all', []), isPassed(0.99), isPassed(0.98)]).toEqual([0, true, false]);
  });

  it('are found in turn or at once', async () => {
    const told: string[] = [];
    const work = async (item: number): Promise<number> => {
      told.push(`begin ${item}`);
      await Promise.resolve();
      told.push(`end ${item}`);
      return item * 2;
    };
    expect(await inTurnOrAtOnce([1, 2], false, work)).toEqual([2, 4]);
    expect(told).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2']);
    told.length = 0;
    expect(await inTurnOrAtOnce([1, 2], true, work)).toEqual([2, 4]);
    expect(told.slice(0, 2)).toEqual(['begin 1', 'begin 2']);
  });
});
