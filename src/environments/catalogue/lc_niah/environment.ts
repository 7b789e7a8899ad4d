import { z } from 'zod';
import type { ResponsesReply, ResponsesRequest } from '../../../protocol/index.js';
import { normalized, SequenceMatcher, characters, splitWords, strip } from '../../../python/index.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { expectedNodes, nodesF1, readNodes } from '../../kit/node-list.js';
import { allText } from '../../kit/reply-text.js';
import { taskKeys } from '../../kit/row-keys.js';

const NGRAM = 16;

/** How much of the reasoning is copied from the prompt, 0 to 1; both normalised, and the reasoning not empty. */
const OVERLAPS = {
  seq_match: (reasoning: string, prompt: string) => new SequenceMatcher(reasoning, prompt).ratio(),
  ngram16(reasoning: string, prompt: string) {
    const used = ngrams(reasoning);
    const given = ngrams(prompt);
    return used.size === 0 ? 0 : [...used].filter((words) => given.has(words)).length / used.size;
  },
  lcs(reasoning: string, prompt: string) {
    const { size } = new SequenceMatcher(reasoning, prompt, { autojunk: false }).longestMatch();
    return size / characters(reasoning).length;
  },
} as const;

const REWARDS = {
  base: (answer: number) => answer,
  multiply: (answer: number, overlap: number) => answer * (1 - overlap),
  minus: (answer: number, overlap: number) => answer - overlap,
} as const;

function ngrams(text: string): Set<string> {
  const words = splitWords(text);
  const count = Math.max(0, words.length - NGRAM + 1);
  return new Set(Array.from({ length: count }, (_, at) => words.slice(at, at + NGRAM).join(' ')));
}

const textsOf = (parts: unknown): string[] =>
  Array.isArray(parts)
    ? (parts as { text?: unknown }[]).flatMap(({ text }) =>
        typeof text === 'string' && text !== '' ? [text] : [],
      )
    : [];

const reasoningOf = (reply: ResponsesReply): string =>
  reply.output
    .flatMap((item) => (item.type === 'reasoning' ? textsOf(item['summary' as never]) : []))
    .join('');

function promptOf({ input }: ResponsesRequest): string {
  if (typeof input === 'string') return input;
  const contents = input.map((item) => ('content' in item ? item.content : undefined));
  return contents
    .flatMap((content) => (typeof content === 'string' ? [content] : textsOf(content)))
    .join('\n');
}

const unquoted = (node: string): string => strip(strip(strip(node), `"'`));

/** Nodes found in a long prompt, by F1, less what the reasoning copies from it. */
export const lcNiah = defineEnvironment({
  name: 'lc_niah',
  version: 1,
  reverifyMode: 'stateless',
  config: z.object({
    overlap_metric_rule: z.enum(Object.keys(OVERLAPS) as (keyof typeof OVERLAPS)[]).default('ngram16'),
    overlap_grading_rule: z.enum(Object.keys(REWARDS) as (keyof typeof REWARDS)[]).default('multiply'),
    name: z.string().optional(),
  }),
  row: z.object({ expected_answer: z.string() }),
  verify({ row, response, config }) {
    const answer = nodesF1(readNodes(allText(response), unquoted), expectedNodes(row.expected_answer));
    const reasoning = normalized(reasoningOf(response));
    const prompt = normalized(promptOf(row.responses_create_params));
    const overlap = reasoning === '' ? 0 : OVERLAPS[config.overlap_metric_rule](reasoning, prompt);
    return {
      ...taskKeys(row),
      reward: REWARDS[config.overlap_grading_rule](answer, overlap),
      answer_score: answer,
      reasoning_overlap: overlap,
    };
  },
});
