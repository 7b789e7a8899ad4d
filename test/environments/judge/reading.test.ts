import { describe, expect, it } from 'vitest';
import {
  assistantTexts,
  firstLabel,
  gradeAlone,
  gradeAtStart,
  labelsInOrder,
  lastLabel,
  lastPartText,
} from '../../../src/environments/judge/reading.js';
import type { ResponsesReply } from '../../../src/protocol/index.js';
import { reply, textReply } from '../support.js';

const message = (...texts: (string | null)[]): ResponsesReply['output'][number] => ({
  type: 'message',
  role: 'assistant',
  content: texts.map((text) =>
    text === null ? { type: 'refusal', refusal: 'no' } : { type: 'output_text', text },
  ),
});
const thought = { type: 'reasoning', id: 'r', summary: [] } as const;

describe("the verdict in a judge's reply", () => {
  it('may be in the last part of the last item', () => {
    expect(lastPartText(reply(message('a', 'b')))).toBe('b');
    expect(lastPartText(reply(message('a', null)))).toBe('');
    expect(lastPartText(reply(message('a'), thought))).toBeNull();
    expect(lastPartText(reply(message()))).toBeNull();
    expect(lastPartText(reply())).toBeNull();
  });

  it('may be in all that the assistant says', () => {
    expect(assistantTexts(reply(message(' a ', ''), thought, message('b')))).toBe('a\nb');
    expect(assistantTexts(reply({ type: 'message', role: 'user', content: 'c' }))).toBe('');
    expect(assistantTexts(textReply('x'))).toBe('x');
  });

  it('may be the first or the last label', () => {
    const labels = ['[[A=B]]', '[[A!=B]]'];
    expect(firstLabel('x [[A!=B]] y [[A=B]]', labels)).toBe('[[A!=B]]');
    expect(lastLabel('x [[A!=B]] y [[A=B]]', labels)).toBe('[[A=B]]');
    expect(firstLabel('none', labels)).toBeUndefined();
    expect(lastLabel('none', labels)).toBeUndefined();
    expect(firstLabel('INCORRECT', ['CORRECT', 'INCORRECT'])).toBe('INCORRECT');
  });

  it('may be the last of all labels, none inside another', () => {
    const labels = ['CORRECT', 'INCORRECT'];
    expect(labelsInOrder('INCORRECT, no, CORRECT', labels)).toEqual(['INCORRECT', 'CORRECT']);
    expect(labelsInOrder('CORRECTINCORRECT', labels)).toEqual(['CORRECT', 'INCORRECT']);
    expect(labelsInOrder('', labels)).toEqual([]);
    expect(labelsInOrder('x', ['', 'x'])).toEqual(['x']);
  });

  it('may be a letter that stands alone, or at the start', () => {
    const letters = ['A', 'B', 'C'];
    expect(gradeAlone('Because.\n B ', letters)).toBe('B');
    expect(gradeAlone('CORRECT', letters)).toBe('C');
    expect(gradeAlone('nothing', letters)).toBeUndefined();
    expect(gradeAtStart('CORRECT', letters)).toBe('C');
    expect(gradeAtStart('Well\nB: wrong', letters)).toBe('B');
    // The letters of the words count, before those of the sense.
    expect(gradeAtStart('NOT_ATTEMPTED', letters)).toBe('A');
  });
});
