import { z } from 'zod';
import {
  asLossless,
  lenientInt,
  lower,
  pythonRegex,
  pythonStr,
  splitWords,
  strip,
  upper,
} from '../../../python/index.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { editDistance } from '../../kit/edit-distance.js';
import { pick, tokensAndPasses } from '../../kit/key-metrics.js';
import { allText } from '../../kit/reply-text.js';
import { keptKeys } from '../../kit/row-keys.js';
import { byKey } from '../../kit/task-groups.js';
import { suiteAverage } from './suite-average.js';
import { choiceLetter } from './choice-letter.js';

const DOCUMENT_HEADER = pythonRegex(String.raw`Document \d+:(?:.*\n)+?\n`);

/** 1 for a text that is part of the reply, else 1 less the word error rate; never below 0. */
function softMatch(reply: string, text: string): number {
  const [given, wanted] = [lower(reply), lower(text)];
  if (given.includes(wanted)) return 1;
  const words = splitWords(wanted);
  return words.length === 0 ? 0 : Math.max(0, 1 - editDistance(splitWords(given), words) / words.length);
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/** What of the reply is compared with each text, and how the scores come to one. */
const MATCHES = {
  all: (reply: string, texts: string[]) => mean(texts.map((text) => softMatch(reply, text))),
  part: (reply: string, texts: string[]) =>
    Math.max(0, ...texts.map((text) => softMatch(DOCUMENT_HEADER.sub('', reply), text))),
  '2steps': (reply: string, texts: string[]) =>
    mean(texts.map((text) => softMatch(reply.split('\n\n').at(-1)!, text))),
} as const;

const str = (value: unknown): string => pythonStr(asLossless(value));

const row = z
  .object({
    expected_answer: z.unknown().refine((value) => value !== undefined, 'Field required'),
    eval_type: z.string().default('ruler2'),
    match_type: z.string().default('all'),
    task: z.string().nullish(),
    length: lenientInt.nullish(),
  })
  .refine(({ eval_type: type, match_type: match }) => type === 'multichoice' || match in MATCHES, {
    path: ['match_type'],
    message: `must be one of ${Object.keys(MATCHES).join(', ')}`,
  });

/** Long contexts of RULER 2: texts that the reply holds or nearly holds, or the letter of an option. */
export const ruler2 = defineEnvironment({
  name: 'ruler2',
  version: 1,
  reverifyMode: 'stateless',
  config: z.object({}),
  row,
  verify({ row: task, response }) {
    const reply = allText(response);
    const { expected_answer: expected, eval_type: type, match_type: match } = task;
    const letter = type === 'multichoice' ? choiceLetter(reply) : null;
    const texts = (Array.isArray(expected) ? expected : [expected]).map(str);
    const right = expected === null ? '' : upper(strip(str(expected)));
    return {
      ...keptKeys(task, 'eval_type', 'match_type', 'task', 'length'),
      reward:
        type === 'multichoice'
          ? Number(letter === right)
          : MATCHES[match as keyof typeof MATCHES](reply, texts),
      predicted_answer: strip(strip(reply).replace(/[\x00-\x1f]/g, '\n')),
      extracted_answer: letter,
    };
  },
  passMajority: {
    scores: { accuracy: 'reward' },
    groups: byKey('task', { named: false }),
    derived: suiteAverage,
  },
  keyMetrics: (metrics) => ({
    ...tokensAndPasses(metrics),
    ...pick(
      metrics,
      Object.keys(metrics).filter((name) => name.startsWith('ruler2_suite_avg/')),
    ),
  }),
});
