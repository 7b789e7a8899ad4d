import { describe, expect, it } from 'vitest';
import { isLanguage, UnsureLanguage } from '../../../src/environments/kit/english/language.js';
import { punktSentences, UnsureSentences } from '../../../src/environments/kit/english/punkt-sentences.js';
import { ruleSentences } from '../../../src/environments/kit/english/rule-sentences.js';
import { Random, RuleArguments, Unfit } from '../../../src/environments/kit/english/rule-arguments.js';
import { byWordTokens, sentenceTokens } from '../../../src/environments/kit/english/word-tokens.js';

describe('English, as the checkers of instructions see it', () => {
  it('splits words as NLTK does', () => {
    expect(sentenceTokens("They'll pay $3.88, won't they?")).toEqual([
      ...['They', "'ll", 'pay', '$', '3.88', ',', 'wo', "n't", 'they', '?'],
    ]);
    expect(byWordTokens('One two. Three.', (words) => words.join('|'))).toBe('One|two|.|Three|.');
  });

  it('ends sentences where that is sure, and says where it is not', () => {
    expect(punktSentences('It rains. Is it cold? 1. Yes!')).toEqual([
      'It rains.',
      'Is it cold?',
      '1.',
      'Yes!',
    ]);
    expect(() => punktSentences('I met Mr. Green.')).toThrow(UnsureSentences);
    expect(byWordTokens('I met Mr. Green.', (words) => words.length > 3)).toBe(true);
  });

  it('splits by rules, keeping titles, numbers and sites whole', () => {
    expect(ruleSentences('Dr. No has 3.5 apples. See a.com! Why?')).toEqual([
      ...['Dr. No has 3.5 apples.', 'See a.com!', 'Why?'],
    ]);
  });

  it('tells a language only where it is beyond doubt', () => {
    expect(isLanguage('the cat and the dog went home', 'en')).toBe(true);
    expect(isLanguage('தமிழ் மொழி', 'ta')).toBe(true);
    expect(isLanguage('plain words', 'ta')).toBe(false);
    expect(isLanguage('12345', 'fr')).toBe(true);
    expect(() => isLanguage('so', 'en')).toThrow(UnsureLanguage);
  });

  it('reads arguments, and tells what would be drawn at random', () => {
    const given = RuleArguments.of({ n: 3, word: ' sea ', none: null }, ['n', 'word']);
    expect([given.count('n'), given.text('word')]).toEqual([3, 'sea']);
    expect(() => given.count('m')).toThrow(Random);
    expect(() => RuleArguments.of({ other: 1 }, ['n'])).toThrow(Unfit);
    expect(given.atLeast(7, 'm', [2, 6])).toBe(true);
  });
});
