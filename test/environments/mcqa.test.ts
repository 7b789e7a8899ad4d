import { describe, expect, it } from 'vitest';
import { CallFailure } from '../../src/protocol/index.js';
import { call, environment, replay, reply, row, textReply } from './support.js';

const OPTIONS = [{ A: 'The cat' }, { B: 'The dog' }, { C: 'A bird' }, { D: 'A fish' }];

/** What the environment extracts from a reply in one grading mode. */
async function extracted(mode: string, text: string, options: unknown = OPTIONS): Promise<unknown> {
  const task = row({ options, expected_answer: 'B', grading_mode: mode });
  const { verdict } = await replay(await environment('mcqa'), task, textReply(text));
  expect(verdict.reward).toBe(verdict['extracted_answer'] === 'B' ? 1 : 0);
  return verdict['extracted_answer'];
}

describe('mcqa: strict_single_letter_boxed', () => {
  it.each([
    ['\\boxed{B}', 'B'],
    ['\\boxed{(B)}', 'B'],
    ['\\boxed{\\text{B}}', 'B'],
    ['\\boxed{\\text{ \\text{B} }}', 'B'],
    ['\\boxed{B: dog}', 'B'],
    ['\\boxed{B. dog}', 'B'],
    ['\\boxed{B) dog}', 'B'],
    ['\\boxed{ B }', 'B'],
    ['\\boxed{A} no, \\boxed{B}', 'B'],
    ['\\boxed{b}', null],
    ['\\boxed{\\mathrm{B}}', null],
    ['\\boxed{A or B}', null],
    ['\\boxed{dog}', null],
    ['\\boxed{\nB: dog}', 'B'],
    ['\\boxed{ B: dog}', 'B'],
    ['\\boxed{B : dog}', 'B'],
    ['\\boxed{\u001cB) dog}', 'B'],
    ['\\boxed{\\text{ B : dog } }', 'B'],
    ['\\boxed{\\text{B} dog}', null],
    ['\\boxed{B', null],
    ['\\boxed{Z}', null],
    ['B', null],
    ['', null],
  ])('%j gives %j', async (text, answer) =>
    expect(await extracted('strict_single_letter_boxed', text)).toBe(answer),
  );

  it('reads a species as a letter, as the reference does', async () => {
    const options = [{ A: 'x' }, { E: 'y' }];
    expect(await extracted('strict_single_letter_boxed', '\\boxed{E. coli}', options)).toBe('E');
  });

  it('is the mode of rows that name none', async () => {
    const task = row({ options: OPTIONS, expected_answer: ' b ' });
    const { verdict } = await replay(await environment('mcqa'), task, textReply('\\boxed{B}'));
    expect(verdict).toEqual({ reward: 1, expected_answer: 'B', extracted_answer: 'B' });
  });
});

describe('mcqa: lenient_boxed', () => {
  it.each([
    ['\\boxed{B}', 'B'],
    ['\\boxed{The dog}', 'B'],
    ['\\boxed{\\text{the   DOG}}', 'B'],
    ['\\boxed{it is the dog, surely}', 'B'],
    ['\\boxed{\u001cB) the cat}', 'B'],
    ['\\boxed{both the dog and the cat}', null],
    ['\\boxed{horse}', null],
    ['the dog', null],
  ])('%j gives %j', async (text, answer) => expect(await extracted('lenient_boxed', text)).toBe(answer));
});

describe('mcqa: lenient_answer_colon', () => {
  it.each([
    ['Answer: B', 'B'],
    ['answer : b', 'B'],
    ['Answer: \\text{B}', 'B'],
    ['Answer: \\text{B}  ', 'B'],
    ['Answer: \\text{B} \nthat is all', null],
    ['Answer: the DOG', 'B'],
    ['Answer: A\nAnswer: B', 'A'],
    ['Answer: B.', null],
    ['**Answer:** B', null],
    ['Answer: Z', null],
    ['B', null],
  ])('%j gives %j', async (text, answer) =>
    expect(await extracted('lenient_answer_colon', text)).toBe(answer),
  );
});

describe('mcqa: lenient_answer_colon_md', () => {
  it.each([
    ['Answer: B', 'B'],
    ['**Answer:** B', 'B'],
    ['**Answer**: **B**', 'B'],
    ['Answer: \\boxed{B}', 'B'],
    ['Answer: (B)', 'B'],
    ['Answer: b', 'B'],
    ['Answer:\nB', 'B'],
    ['Answer: B. The dog', 'B'],
    ['Answer: أ', 'A'],
    ['Answer: Ｂ', 'B'],
    ['Ａｎｓｗｅｒ： Ｂ', 'B'],
    ['Answer: هيب', 'B'],
    ['Answer: not A but B', 'B'],
    ['Answer: it is B é', 'B'],
    ['Answer: it is Bé', null],
    ['Answer: \\boxed{Aé .', null],
    ['Answer: 1E \\boxed {A } Answer: Dé', 'A'],
    ['Answer: A or B', null],
    ['Answer: A\u2003and\u2003B', null],
    ['Answer: A B', null],
    ['Answer: A|B', null],
    ['Answer: A/B/C/D', null],
    ['Answer: A, B', null],
    ['\\boxed{B}', null],
    ['Answer: Z', null],
    ['Answer: B\nAnswer: unknown', 'B'],
    ['Answer: A\nAnswer: B', 'B'],
  ])('%j gives %j', async (text, answer) =>
    expect(await extracted('lenient_answer_colon_md', text)).toBe(answer),
  );
});

describe('mcqa: the answer prefix of a row', () => {
  const graded = async (answer_prefix: string, text: string) => {
    const task = row({ options: OPTIONS, expected_answer: 'B', template_metadata: { answer_prefix } });
    const env = await environment('mcqa', { grading_mode: 'lenient_answer_colon_md' });
    return (await replay(env, task, textReply(text))).verdict['extracted_answer'];
  };

  it.each([
    ['Réponse finale', 'RÉPONSE FINALE B', 'B'],
    ['Réponse finale', 'Réponse finale\n\n B', 'B'],
    ['(x+)', 'with (x+) and (X+) B', 'B'],
    ['正解：', '正解: B', 'B'],
    ['Réponse:', 'Answer: A\nRéponse: B', 'B'],
    ['Réponse:', 'Réponse: A\nAnswer: B', 'B'],
    ['Réponse:', '**Answer:** B then Réponse: A', 'A'],
    ['Réponse:', 'Réponse: A and B\nAnswer: B', 'B'],
    ['Réponse:', 'Réponse: unclear \\boxed{B}', 'B'],
    ['Réponse:', '\\boxed{B}', 'B'],
    ['', '\\boxed{B}', null],
  ])('%j on %j gives %j', async (prefix, text, answer) => expect(await graded(prefix, text)).toBe(answer));

  it('means nothing to the other modes', async () => {
    const template_metadata = { answer_prefix: 'Réponse:' };
    const task = row({ options: OPTIONS, expected_answer: 'B', template_metadata });
    const { verdict } = await replay(await environment('mcqa'), task, textReply('Réponse: B'));
    expect(verdict['extracted_answer']).toBe(null);
  });
});

describe('mcqa: a pattern of the row', () => {
  const graded = async (output_regex: unknown, text: string, options: unknown = OPTIONS) => {
    const task = row({ options, expected_answer: 'B', template_metadata: { output_regex, weight: 1 } });
    return (await replay(await environment('mcqa'), task, textReply(text))).verdict['extracted_answer'];
  };

  it.each([
    [String.raw`Option Selected:\s*([A-Za-z])`, 'option selected: a ... OPTION SELECTED: b', 'B'],
    [String.raw`is (.+)\.`, 'It is the  dog.', 'B'],
    [String.raw`Choice: (\w)`, 'Choice: ب', 'B'],
    [String.raw`Choice: (\w)`, 'Choice: ব', 'B'],
    [String.raw`Choice: (\w)`, 'Choice: Ｂ', 'B'],
    [String.raw`Choice: (\w)`, 'Choice: z', 'Z'],
    [String.raw`[A-D]`, 'a, b', 'B'],
    [[String.raw`<a>(.)</a>`, String.raw`final (.)`], 'final b', 'B'],
    [[String.raw`<a>(.*)</a>`, String.raw`final (.)`], '<a>none</a> final b', 'B'],
    [String.raw`is (.+)\.`, 'It is a horse.', null],
    [String.raw`<a>(.)</a>`, 'b', null],
    [String.raw`([A-D])$`, '\u00a0so B \n', 'B'],
    [String.raw`Choice: (\S+)`, 'Choice: ＡＢ', null],
  ])('%j on %j gives %j', async (pattern, text, answer) => expect(await graded(pattern, text)).toBe(answer));

  it('wins over the grading mode, and needs no options', async () => {
    expect(await graded('final (.)', '\\boxed{A} final b', null)).toBe('B');
  });

  it.each([
    [String.raw`Option Selected:\s*([A-Z])`, 'finds nothing'],
    [String.raw`so (.+)`, 'finds what is no option'],
    ['', 'finds an empty text'],
    [[], 'is not there'],
    [null, 'is null'],
    ['(b', 'is no expression'],
    [['*', '(?P<x'], 'are no expressions'],
    ['(no)(thing)', 'has several groups and finds nothing'],
  ])('%j %s: the grading mode decides', async (pattern, because) => {
    expect(await graded(pattern, 'so maybe \\boxed{B}'), because).toBe('B');
  });

  it.each([
    [String.raw`\N{BULLET}`, 'not supported'],
    [`${'('.repeat(20_000)}a${')'.repeat(20_000)}`, 'more than 500 groups'],
  ])(
    'makes the row invalid before the model is asked when Python may know more than we run: %s',
    async (output_regex, problem) => {
      const task = row({ options: OPTIONS, expected_answer: 'B', template_metadata: { output_regex } });
      const opening = (await environment('mcqa')).open(task, call());
      await expect(opening).rejects.toMatchObject({
        kind: 'row_invalid',
        message: expect.stringContaining(problem),
      });
    },
  );

  it('fails when several groups match: which of them is the answer is not said', async () => {
    await expect(graded('(a)(b)', 'ab')).rejects.toMatchObject({
      kind: 'row_invalid',
      message: expect.stringContaining('several groups'),
    });
  });

  it('stops a pattern that backtracks without end', async () => {
    const verifying = graded('(a+)+$', `${'a'.repeat(60)}!`);
    await expect(verifying).rejects.toBeInstanceOf(CallFailure);
    await expect(verifying).rejects.toMatchObject({ kind: 'verify_timeout' });
  });
});

describe('mcqa: rows and settings', () => {
  it.each([
    [{ options: OPTIONS }, 'expected_answer'],
    [{ options: OPTIONS, expected_answer: ' ' }, 'expected_answer'],
    [{ options: OPTIONS, expected_answer: 5 }, 'expected_answer'],
    [{ options: [{ A: 1 }], expected_answer: 'B' }, 'options.0.A'],
    [{ expected_answer: 'B', template_metadata: { output_regex: 5 } }, 'output_regex'],
    [{ expected_answer: 'B', template_metadata: { answer_prefix: 5 } }, 'answer_prefix'],
    [{ options: { A: 'x' }, expected_answer: 'B' }, 'options'],
    [{ options: OPTIONS, expected_answer: 'B', grading_mode: 'loose' }, 'grading_mode'],
  ])('names what is wrong with %j: %s', async (keys, key) => {
    const opening = (await environment('mcqa')).open(row(keys), call());
    await expect(opening).rejects.toMatchObject({
      kind: 'row_invalid',
      message: expect.stringContaining(`${key}:`),
    });
  });

  it('lets the configuration choose the mode for all rows', async () => {
    const env = await environment('mcqa', { grading_mode: 'lenient_answer_colon' });
    const task = row({ options: OPTIONS, expected_answer: 'B', grading_mode: 'strict_single_letter_boxed' });
    expect((await replay(env, task, textReply('Answer: B'))).verdict.reward).toBe(1);
    expect((await replay(env, task, textReply('\\boxed{B}'))).verdict.reward).toBe(0);
  });

  it('refuses an unknown mode in the configuration', async () => {
    await expect(environment('mcqa', { grading_mode: 'loose' })).rejects.toThrow(/mcqa[\s\S]*grading_mode/);
  });

  it('reads options that stand in one mapping', async () => {
    const options = [{ A: 'The cat', B: 'The dog', C: null }];
    expect(await extracted('strict_single_letter_boxed', '\\boxed{B}', options)).toBe('B');
    expect(await extracted('lenient_boxed', '\\boxed{a dog: the dog}', options)).toBe('B');
    expect(await extracted('lenient_answer_colon', 'Answer: the dog', options)).toBe('B');
    expect(await extracted('strict_single_letter_boxed', '\\boxed{C}', options)).toBe(null);
  });

  it.each([[undefined], [null], [[]]])('finds no answer in a row without options: %j', async (options) => {
    const task = row({ options, expected_answer: 'B', grading_mode: 'lenient_boxed' });
    const { verdict } = await replay(await environment('mcqa'), task, textReply('\\boxed{B}'));
    expect(verdict).toEqual({ reward: 0, expected_answer: 'B', extracted_answer: null });
  });

  it('does not allow options without a text or with a longer key', async () => {
    const options = [{ A: 'x' }, { B: null }, { CC: 'y' }];
    expect(await extracted('strict_single_letter_boxed', '\\boxed{B}', options)).toBe(null);
  });

  it('gives nothing for a reply without text', async () => {
    const task = row({ options: OPTIONS, expected_answer: 'B' });
    const { verdict } = await replay(await environment('mcqa'), task, reply());
    expect(verdict).toEqual({ reward: 0, expected_answer: 'B', extracted_answer: null });
  });

  it('picks its headline metrics', async () => {
    const env = await environment('mcqa');
    expect(env.passMajority).toEqual({ scores: { accuracy: 'reward' }, answerKey: 'extracted_answer' });
    const metrics = {
      'mean/reward': 0.5,
      'max/reward': 1,
      'pass@1/accuracy': 50,
      'pass@4/accuracy': 75,
      'pass@1/no_answer': 10,
      'pass@4/no_answer': 5,
      'pass@1[avg-of-1]/accuracy': 40,
      'pass@1[avg-of-4]/accuracy': 50,
      'pass@1[avg-of-4]/accuracy/std_dev_across_runs': 1,
      'pass@1[avg-of-4]/no_answer': 10,
      'majority@2/accuracy': 55,
      'majority@4/accuracy': 60,
    };
    expect(Object.keys(env.keyMetrics!(metrics))).toEqual([
      'mean/reward',
      'pass@1[avg-of-4]/accuracy',
      'pass@1[avg-of-4]/no_answer',
      'pass@4/no_answer',
      'majority@4/accuracy',
      'pass@1/accuracy',
    ]);
  });
});
