import { promptAt } from '../../judge/prompt.js';
import type { EnvironmentSetup } from '../definition.js';

const server = 'math_with_judge';

/** The judge's prompts: those of the reference stand in its program; a file of the user's has them as keys. */
export function judgePrompts(
  setup: EnvironmentSetup<{ readonly judge_prompt_path?: string | null | undefined }>,
): { system: string; user: string } {
  const file = setup.config.judge_prompt_path;
  const from = (key: string, name: string): string =>
    file == null
      ? promptAt(setup, { server, file: 'app.py', read: { after: [`    ${name}: ClassVar[`, '] = '] } })
      : promptAt(setup, { server, file, read: { key } });
  return { system: from('system', 'JUDGE_SYSTEM_MESSAGE'), user: from('user', 'JUDGE_PROMPT_TEMPLATE') };
}
