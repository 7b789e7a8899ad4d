import { lower, pythonRegex, splitWords } from '../../python/index.js';
import { withoutPunctuation } from './punctuation.js';

const ARTICLES = pythonRegex(String.raw`\b(a|an|the)\b`);
/** Answers that are right or wrong as a whole. */
const CLOSED = ['yes', 'no', 'noanswer'];

/** The words of an answer as SQuAD and HotpotQA compare them: lower case, no punctuation, no articles. */
function answerWords(text: string): string[] {
  return splitWords(ARTICLES.sub(' ', withoutPunctuation(lower(text))));
}

/** True for the same words in the same order. */
export function exactMatch(answer: string, expected: string): boolean {
  return answerWords(answer).join(' ') === answerWords(expected).join(' ');
}

/** F1 over the words of both, each as often as it occurs. */
export function tokenF1(answer: string, expected: string): number {
  const [given, wanted] = [answerWords(answer), answerWords(expected)];
  const [one, other] = [given.join(' '), wanted.join(' ')];
  if (one !== other && (CLOSED.includes(one) || CLOSED.includes(other))) return 0;
  const left = new Map<string, number>();
  for (const word of wanted) left.set(word, (left.get(word) ?? 0) + 1);
  let same = 0;
  for (const word of given) {
    const count = left.get(word) ?? 0;
    if (count > 0) same += 1;
    left.set(word, count - 1);
  }
  if (same === 0) return 0;
  const [precision, recall] = [same / given.length, same / wanted.length];
  return (2 * precision * recall) / (precision + recall);
}
