import { promptAt } from '../../judge/prompt.js';
import type { EnvironmentSetup } from '../../kit/definition.js';

/** The reference's names of its prompts, by type of question. */
const PROMPTS: Readonly<Record<string, string>> = {
  'single-session-user': '_RUBRIC_CONTAIN',
  'single-session-assistant': '_RUBRIC_CONTAIN',
  'multi-session': '_RUBRIC_CONTAIN',
  'temporal-reasoning': '_RUBRIC_TEMPORAL',
  'knowledge-update': '_RUBRIC_KNOWLEDGE_UPDATE',
  'single-session-preference': '_RUBRIC_PREFERENCE',
};

/** For questions that have no answer. */
const ABSTENTION = '_RUBRIC_ABSTENTION';

/** Prompts by type of question, and for those without an answer; they stand in the reference's program. */
export interface Prompts {
  readonly byType: ReadonlyMap<string, string>;
  readonly abstention: string;
}

export function prompts(
  setup: EnvironmentSetup<{ judge_prompt_template_fpath?: string | null | undefined }>,
): Prompts {
  const file = setup.config.judge_prompt_template_fpath;
  const read = (name: string): string =>
    file == null
      ? named(promptAt(setup, { server: 'longmemeval', file: 'app.py', read: { after: [`\n${name} = `] } }))
      : promptAt(setup, { server: 'longmemeval', file, read: 'text' });
  const byType = Object.entries(PROMPTS).map(([type, name]) => [type, read(name)] as const);
  return { byType: new Map(byType), abstention: read(ABSTENTION) };
}

/** Undefined for a type of question that nobody knows. */
export function promptFor(
  { byType, abstention }: Prompts,
  type: string,
  abstains: boolean,
): string | undefined {
  return abstains ? abstention : byType.get(type);
}

/** Its fields go by their order there. */
function named(prompt: string): string {
  return ['question', 'answer', 'response'].reduce((text, name) => text.replace('{}', `{${name}}`), prompt);
}
