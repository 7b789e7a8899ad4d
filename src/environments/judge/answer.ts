import type { ResponsesReply } from '../../protocol/index.js';
import { strip } from '../../python/index.js';
import type { EnvironmentContext } from '../kit/definition.js';
import { askJudge, askJudgeByChat, failed, messages } from './ask.js';
import type { JudgeConfig } from './config.js';

type Context = EnvironmentContext<JudgeConfig & { readonly use_chat_completions_for_judge?: boolean }>;

/**
 * What a judge says to a prompt, as a text, by the dialect that the configuration asks for; `read` finds the text in a
 * Responses reply. Throws CallFailure `judge_failed` where it says nothing.
 */
export async function judgeAnswer(
  context: Context,
  prompt: string,
  read: (reply: ResponsesReply) => string,
): Promise<string> {
  const input = messages(prompt);
  const said =
    context.config.use_chat_completions_for_judge === true
      ? strip(await askJudgeByChat(context, input))
      : read((await askJudge(context, input)).reply);
  if (said === '') throw failed('it is empty');
  return said;
}
