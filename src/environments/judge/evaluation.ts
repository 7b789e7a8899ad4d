import { isMessage } from '../../protocol/index.js';
import type { JsonObject, ResponsesReply } from '../../protocol/index.js';
import type { EnvironmentContext } from '../kit/definition.js';
import { askChat, askJudge, chatSettings, chatText, failed } from './ask.js';
import type { JudgeMessage } from './ask.js';
import type { JudgeConfig } from './config.js';
import { lastPartText } from './reading.js';
import { recorded } from './record.js';

/** What a judge said: the text, null where it is none, and the exchange as a key of a verdict. */
export interface Evaluation {
  readonly text: string | null;
  readonly record: JsonObject;
}

type Context = EnvironmentContext<JudgeConfig & { readonly use_chat_completions_for_judge?: boolean }>;

/** Tokens that a judge is given where the block says nothing. */
const MOST_TOKENS = 2048;

/**
 * Asks once, by the dialect of the configuration. Throws CallFailure `judge_failed` where there is no reply, or one
 * without a last part, unless that may be.
 */
export async function evaluate(
  context: Context,
  input: readonly JudgeMessage[],
  { mayBeEmpty = false }: { mayBeEmpty?: boolean } = {},
): Promise<Evaluation> {
  if (context.config.use_chat_completions_for_judge === true) return evaluateByChat(context, input);
  const asked = await askJudge(context, input);
  if (!mayBeEmpty && hasNoPart(asked.reply)) throw failed('it is empty');
  return { text: lastPartText(asked.reply), record: { ...recorded(asked) } };
}

/** A chat reply is recorded as the Responses reply that says the same. */
async function evaluateByChat(context: Context, input: readonly JudgeMessage[]): Promise<Evaluation> {
  const { config } = context;
  const { reply: body } = await askChat(context, input, chatSettings(config, MOST_TOKENS));
  const text = chatText(body);
  const reply = {
    id: body['id'],
    created_at: body['created'],
    model: body['model'],
    object: 'response',
    output: [
      {
        id: 'msg_chat',
        type: 'message',
        role: 'assistant',
        status: 'completed',
        content: [{ type: 'output_text', text: text ?? '', annotations: [] }],
      },
    ],
    parallel_tool_calls: false,
    tool_choice: 'none',
    tools: [],
  } as unknown as ResponsesReply;
  const request = { ...config.judge_responses_create_params, input: input as unknown as JsonObject[] };
  return { text, record: { ...recorded({ request, reply }) } };
}

/** Nothing at all, or a message of no parts last. */
function hasNoPart({ output }: ResponsesReply): boolean {
  const last = output.at(-1);
  return (
    last === undefined || (isMessage(last) && (!Array.isArray(last.content) || last.content.length === 0))
  );
}
