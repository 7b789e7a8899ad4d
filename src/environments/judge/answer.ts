import type { JsonObject, ResponsesReply } from '../../protocol/index.js';
import type { EnvironmentContext } from '../kit/definition.js';
import { askJudge, askJudgeByChat, failed, messages } from './ask.js';
import type { JudgeConfig } from './config.js';

type Context = EnvironmentContext<JudgeConfig & { readonly use_chat_completions_for_judge?: boolean }>;

/**
 * What a judge says to a prompt, as a text, by the dialect that the configuration asks for: `read` finds it in a
 * Responses reply, `settings` go with a Chat Completions request. "" where it says nothing.
 */
export async function judgeText(
  context: Context,
  prompt: string,
  read: (reply: ResponsesReply) => string,
  settings?: JsonObject,
): Promise<string> {
  const input = messages(prompt);
  if (context.config.use_chat_completions_for_judge === true) return askJudgeByChat(context, input, settings);
  return read((await askJudge(context, input)).reply);
}

/** The same where saying nothing is a failure: throws CallFailure `judge_failed`. */
export async function judgeAnswer(
  context: Context,
  prompt: string,
  read: (reply: ResponsesReply) => string,
): Promise<string> {
  const said = await judgeText(context, prompt, read);
  if (said === '') throw failed('it is empty');
  return said;
}
