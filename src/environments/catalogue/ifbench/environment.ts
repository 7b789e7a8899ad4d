import { z } from 'zod';
import { lenientInt, strip } from '../../../python/index.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { follows } from '../../kit/english/follow.js';
import { lastItemText } from '../../kit/reply-text.js';
import { COUNT_RULES } from './rules/counts.js';
import { FORMAT_RULES } from './rules/formats.js';
import { TASK_RULES } from './rules/tasks.js';

const RULES = new Map([...COUNT_RULES, ...FORMAT_RULES, ...TASK_RULES]);

/** The text; then without stars, without its first line, its last, and both. */
function variants(text: string): string[] {
  const lines = text.split('\n');
  const cut = [lines.slice(1), lines.slice(0, -1), lines.slice(1, -1)].map((some) => strip(some.join('\n')));
  const bare = (one: string): string => one.replaceAll('*', '');
  return [text, bare(text), ...cut, ...cut.map(bare)];
}

/** Whether the text as it is, and whether any variant, follows an instruction. */
function check(text: string, id: unknown, given: unknown): { strict: boolean; loose: boolean } {
  const strict = follows(RULES, text, id, given);
  const loose = strict || variants(text).some((one) => strip(one) !== '' && follows(RULES, one, id, given));
  return { strict, loose };
}

function rewardOf(list: readonly boolean[], mode: 'binary' | 'fraction'): number {
  if (mode === 'binary') return Number(list.every(Boolean));
  return list.length === 0 ? 0 : list.filter(Boolean).length / list.length;
}

/** Instructions that a program can check and that models did not see in training. */
export const ifbench = defineEnvironment({
  name: 'ifbench',
  version: 1,
  repeats: ['instruction_id_list', 'kwargs', 'prompt'],
  reverifyMode: 'stateless',
  config: z.object({ num_processes: lenientInt.optional() }),
  operational: ['num_processes'],
  row: z.object({
    id: lenientInt,
    instruction_id_list: z.array(z.string()),
    prompt: z.string(),
    kwargs: z.array(z.unknown()),
    grading_mode: z.enum(['binary', 'fraction']).default('fraction'),
  }),
  verify({ row: { instruction_id_list: ids, kwargs, grading_mode: mode }, response }) {
    const text = lastItemText(response) ?? '';
    const found =
      strip(text) === ''
        ? ids.map(() => ({ strict: false, loose: false }))
        : ids.slice(0, kwargs.length).map((id, index) => check(text, id, kwargs[index] ?? {}));
    const [strict, loose] = [found.map((one) => one.strict), found.map((one) => one.loose)];
    return {
      reward: rewardOf(strict, mode),
      follow_all_instructions: strict.every(Boolean),
      follow_instruction_list: strict,
      reward_loose: rewardOf(loose, mode),
      follow_all_instructions_loose: loose.every(Boolean),
      follow_instruction_list_loose: loose,
      grading_mode: mode,
    };
  },
});
