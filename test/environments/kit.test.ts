import { describe, expect, it } from 'vitest';
import { circlesOfColour } from '../../src/environments/kit/circles.js';
import { editDistance } from '../../src/environments/kit/edit-distance.js';
import { isGrid } from '../../src/environments/kit/grid.js';
import { allAtHighestK, choiceHeadline, tokensAndPasses } from '../../src/environments/kit/key-metrics.js';
import { asLatinLetters, withLatinLetters } from '../../src/environments/kit/letters.js';
import { expectedNodes, nodesF1, readNodes } from '../../src/environments/kit/node-list.js';
import { withoutPunctuation } from '../../src/environments/kit/punctuation.js';
import {
  allText,
  anyText,
  assistantLines,
  assistantText,
  everyItem,
} from '../../src/environments/kit/reply-text.js';
import { keptKeys, taskKeys } from '../../src/environments/kit/row-keys.js';
import { exactMatch, tokenF1 } from '../../src/environments/kit/squad.js';
import { byKey, valueOf } from '../../src/environments/kit/task-groups.js';
import type { ResponsesReply } from '../../src/protocol/index.js';
import { reply, row, textReply } from './support.js';

describe('how the text of a reply is read', () => {
  const part = (type: string, text: string) => ({ type, text });
  const message = (role: string, ...content: object[]) =>
    ({ type: 'message', role, content }) as unknown as ResponsesReply['output'][number];
  const mixed = reply(
    { type: 'reasoning', id: 'r', summary: [], content: [part('reasoning_text', 'hm')] },
    message('user', part('input_text', 'u')),
    message(
      'assistant',
      part('output_text', 'a'),
      { type: 'refusal', refusal: 'no' },
      part('output_text', 'b'),
    ),
    message('assistant', part('output_text', 'c')),
  );

  it('differs by what is read and how it is joined', () => {
    expect(allText(mixed)).toBe('abc');
    expect(anyText(mixed)).toBe('abc');
    expect(assistantText(mixed)).toBe('abc');
    expect(assistantLines(mixed)).toBe('a\nb\nc');
    expect(everyItem(mixed)).toBe('hm\nu\na\nb\nc');
  });

  it('takes a text in place of parts where the reference does', () => {
    const bare = { type: 'message', role: 'assistant', content: 'whole' } as const;
    const both = reply(bare, ...textReply('part').output);
    expect([allText(both), assistantText(both)]).toEqual(['part', 'part']);
    expect(anyText(both)).toBe('wholepart');
    expect([assistantLines(both), everyItem(both)]).toEqual(['whole\npart', 'whole\npart']);
    expect(anyText(reply(message('user', part('input_text', 'u'))))).toBe('u');
  });
});

describe('lists of nodes', () => {
  it.each([
    ['x\nFinal Answer: [a, b ,a]\n\n', ['a', 'b', 'a']],
    ['Final Answer: []', []],
    ['Final Answer: [ , ]', []],
    ['Final Answer: [a]\nDone.', undefined],
    ['final answer: [a]', undefined],
    ['', undefined],
  ])('reads %j', (text, nodes) => expect(readNodes(text)).toEqual(nodes));

  it('reads the right ones as a set of Python is made of them', () => {
    expect([...expectedNodes('["a", "b", "a"]')]).toEqual(['a', 'b']);
    expect([...expectedNodes('{"k": 1}')]).toEqual(['k']);
    expect([...expectedNodes('"xy"')]).toEqual(['x', 'y']);
    expect(expectedNodes('[1, 1.0, true, "1"]').size).toBe(2);
    for (const none of ['7', 'null', '[["a"]]', '[{}]', 'no json']) expect(expectedNodes(none).size).toBe(0);
  });

  it('scores by F1', () => {
    const right = new Set(['a', 'b', 'c']);
    expect(nodesF1(['a', 'b', 'x', 'a'], right)).toBeCloseTo(2 / 3, 12);
    expect([
      nodesF1([], new Set()),
      nodesF1([], right),
      nodesF1(undefined, new Set()),
      nodesF1(['x'], right),
    ]).toEqual([1, 0, 0, 0]);
  });
});

describe('words', () => {
  it('compares answers as SQuAD does', () => {
    expect(exactMatch('The  Danube!', 'danube')).toBe(true);
    expect(tokenF1('the blue Danube', 'Danube river')).toBe(0.5);
    expect(tokenF1('a a b', 'a')).toBe(0);
    expect([tokenF1('yes it is', 'yes'), tokenF1('Yes.', 'yes'), tokenF1('x', 'y')]).toEqual([0, 1, 0]);
  });

  it('counts edits, strips punctuation, spells letters in Latin', () => {
    expect(editDistance(['a', 'b', 'c'], ['a', 'x', 'c', 'd'])).toBe(2);
    expect([editDistance([], ['a']), editDistance(['a'], [])]).toEqual([1, 1]);
    expect(withoutPunctuation('a!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~b’')).toBe('ab’');
    expect(withLatinLetters('xب')).toBe('x B');
    expect(asLatinLetters('Ｃ ড')).toBe('C  C');
  });
});

describe('rows', () => {
  it('keeps all keys of the task, or those that are named', () => {
    const task = row({ a: 1, reward: 2, agent_ref: { name: 'x' } });
    expect(taskKeys(task)).toEqual({ a: 1, reward: 2 });
    expect(keptKeys(task, 'a', 'b')).toEqual({ a: 1, b: null });
  });

  it('tells grids and circles from what is none', () => {
    expect([[[1], [2, 3]], [[]]].map(isGrid)).toEqual([true, true]);
    expect([[], [1], [['1']], [[1], 2], null].map(isGrid)).toEqual([false, false, false, false, false]);
    const circles = [{ color: 'red' }, { color: 'blue' }];
    expect(circlesOfColour({ circles, target_color: 'red' })).toEqual([{ color: 'red' }]);
    expect(() => circlesOfColour({ circles: [{}], target_color: '' })).toThrow('color');
  });
});

describe('metrics', () => {
  it('tells tasks apart by the first value that is one', () => {
    expect(valueOf([{ k: null }, { k: 2 }], 'k')).toBe('2');
    expect(valueOf([{ k: '' }, {}], 'k')).toBeUndefined();
    expect(byKey('k')([{ k: true }])).toEqual(['k=True/']);
    expect(byKey('k', { named: false })([{ k: 'easy' }])).toEqual(['easy/']);
    expect(byKey('k')([{}])).toEqual([]);
  });

  const all = {
    'mean/reward': 1,
    'mean/input_tokens': 5,
    'pass@1/accuracy': 10,
    'pass@2/accuracy': 20,
    'pass@1[avg-of-2]/accuracy': 15,
    'pass@1[avg-of-2]/no_answer': 1,
    'pass@1[avg-of-2]/accuracy/std_dev_across_runs': 3,
    'easy/pass@9/accuracy': 1,
  };

  it('picks what stands at the largest k, without spreads', () => {
    expect(allAtHighestK(all, 'pass@{k}')).toEqual({ 'pass@2/accuracy': 20 });
    expect(allAtHighestK(all, 'pass@1[avg-of-{k}]', ['no_answer'])).toEqual({
      'pass@1[avg-of-2]/accuracy': 15,
    });
    expect(allAtHighestK(all, 'majority@{k}')).toEqual({});
    expect(Object.keys(tokensAndPasses(all))).toEqual([
      'mean/input_tokens',
      'pass@1[avg-of-2]/accuracy',
      'pass@1[avg-of-2]/no_answer',
      'pass@2/accuracy',
    ]);
    expect(choiceHeadline(all)).toEqual({
      'mean/reward': 1,
      'pass@1[avg-of-2]/accuracy': 15,
      'pass@1[avg-of-2]/no_answer': 1,
      'pass@1/accuracy': 10,
    });
  });
});
