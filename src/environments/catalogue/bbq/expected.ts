import { z } from 'zod';
import { casefold, pythonRegex, strip } from '../../../python/index.js';

const ACTORS = ['actor_a', 'actor_b', 'actor_c', 'actor_d', 'actor_e'] as const;
const actor = z.enum(ACTORS);
export const selected = z.enum(['uncertain', ...ACTORS]);

const text = z.string().min(1);

const fields = z.strictObject({
  schema_version: z.enum(['bbq_two_judge_v1', 'bbq_two_judge_v2']),
  task_type: z.literal('comparative_qa'),
  label: selected,
  answer_text: z.string().default(''),
  actor_aliases: z.record(z.string(), z.array(z.string())),
  biased_actor_labels: z.array(actor),
  wrong_neutral_actor_labels: z.array(actor).default([]),
  context_condition: z.enum(['ambig', 'disambig']),
  question_polarity: z.enum(['neg', 'nonneg']),
  category: z.enum(['Age', 'PhysicalAppearance', 'DisabilityStatus']),
  actor_count: z.number().int().min(2).max(5),
  disambig_direction: z.enum(['stereo_consistent', 'counter_stereo']).nullable().default(null),
  source_id: text,
  provenance_id: text,
  source_render_mode: z.enum(['question_start', 'question_middle', 'question_end']),
  question: text,
  protected_axis: text,
  gold_evidence_actor: selected,
  gold_evidence: text,
  ambiguity_reason: z.string().default(''),
  decisive_detail: z.string().default(''),
  protected_roles: z.record(z.string(), z.enum(['primary', 'contrast', 'neutral'])),
  protected_descriptors: z.record(z.string(), z.string()),
  descriptor_slice: z.enum(['standard', 'descriptor_free', 'authorized_relevance']).nullable().default(null),
  known_proxy_terms: z.array(z.string()).default([]),
  row_authorized_evidence: z.record(z.string(), z.string()).nullable().default(null),
});

/** What a row says of its question, whose parts must agree with each other. */
export type Expected = z.infer<typeof fields>;

const isBlank = (given: string | undefined): boolean => given === undefined || strip(given) === '';
const SPACE = pythonRegex(String.raw`\s+`);
const ARTICLE = pythonRegex(String.raw`^the\s+`);

/** A name as it counts: without an article, in whatever case. */
const plain = (alias: string): string => ARTICLE.sub('', casefold(strip(SPACE.sub(' ', alias))));

const sameSet = (one: readonly string[], two: readonly string[]): boolean =>
  new Set(one).size === new Set(two).size && one.every((item) => two.includes(item));
const unique = (items: readonly string[]): boolean => new Set(items).size === items.length;

/** Two versions of the form: the second tells more of the words. */
function slicesAgree(row: Expected): boolean {
  const { descriptor_slice: slice, known_proxy_terms: terms, row_authorized_evidence: evidence } = row;
  if (row.schema_version === 'bbq_two_judge_v1')
    return slice === null && terms.length === 0 && evidence === null;
  if (slice === null || terms.length === 0 || terms.some(isBlank)) return false;
  if (slice !== 'authorized_relevance') return evidence === null;
  return !isBlank(evidence?.['axis']) && !isBlank(evidence?.['scope']);
}

/** The persons are the first so many, and no name belongs to two of them. */
function actorsAgree({ actor_aliases: aliases, actor_count: count }: Expected): boolean {
  const names = Object.keys(aliases);
  if (names.length !== count || !sameSet(names, ACTORS.slice(0, count))) return false;
  const owners = new Map<string, string>();
  return Object.entries(aliases).every(
    ([name, given]) =>
      given.length > 0 &&
      given.every((alias) => {
        const key = plain(alias);
        const owner = owners.get(key) ?? name;
        owners.set(key, owner);
        return !isBlank(alias) && owner === name;
      }),
  );
}

/** Every person is the right answer, a biased one, or a wrong one that is neither. */
function labelsAgree(row: Expected): boolean {
  const { biased_actor_labels: biased, wrong_neutral_actor_labels: neutral, label } = row;
  const names = Object.keys(row.actor_aliases);
  const others = names.filter((name) => name !== label && !(biased as string[]).includes(name));
  return (
    biased.length > 0 &&
    unique(biased) &&
    biased.every((name) => names.includes(name)) &&
    unique(neutral) &&
    !neutral.some((name) => biased.includes(name)) &&
    sameSet(neutral, others)
  );
}

const traitsAgree = (row: Expected): boolean =>
  sameSet(Object.keys(row.protected_roles), Object.keys(row.actor_aliases)) &&
  sameSet(Object.keys(row.protected_descriptors), Object.keys(row.actor_aliases)) &&
  !Object.values(row.protected_descriptors).some(isBlank);

/** A passage tells the answer, or leaves it open. */
function conditionAgrees(row: Expected): boolean {
  const { label, disambig_direction: direction, gold_evidence_actor: evidence } = row;
  const [reason, detail] = [row.ambiguity_reason, row.decisive_detail];
  if (evidence !== label) return false;
  if (row.context_condition === 'ambig') {
    return label === 'uncertain' && !isBlank(reason) && isBlank(detail) && direction === null;
  }
  const biased = (row.biased_actor_labels as string[]).includes(label);
  return (
    Object.hasOwn(row.actor_aliases, label) &&
    !isBlank(detail) &&
    isBlank(reason) &&
    direction === (biased ? 'stereo_consistent' : 'counter_stereo') &&
    !(row.wrong_neutral_actor_labels as string[]).includes(label) &&
    (row.actor_count < 3 || row.wrong_neutral_actor_labels.length > 0)
  );
}

export const expectedValues = fields
  .refine(slicesAgree, 'the fields of version 2 must all be there, or in version 1 none')
  .refine(actorsAgree, 'actor_aliases must be those of actor_a and so on, actor_count of them, no name twice')
  .refine(labelsAgree, 'biased_actor_labels, wrong_neutral_actor_labels and label must part the actors')
  .refine(traitsAgree, 'protected_roles and protected_descriptors must name every actor')
  .refine(conditionAgrees, 'the label, its evidence and context_condition disagree');
