import type { EnvironmentSetup } from '../kit/definition.js';
import { messages } from './ask.js';
import type { JudgeMessage } from './ask.js';
import { fillPrompt, promptAt } from './prompt.js';

/**
 * The messages of a prompt file with the key `user`, and perhaps `system`, to be filled with the fields of a row. Throws
 * NgError where it cannot be had.
 */
export function promptFile(
  setup: EnvironmentSetup<{ readonly judge_prompt_path: string }>,
  server: string,
): (fields: Readonly<Record<string, string>>) => JudgeMessage[] {
  const place = { server, file: setup.config.judge_prompt_path };
  const user = promptAt(setup, { ...place, read: { key: 'user' } });
  const system = promptAt(setup, { ...place, read: { key: 'system', optional: true } });
  return (fields) => messages(fillPrompt(user, fields), fillPrompt(system, fields));
}
