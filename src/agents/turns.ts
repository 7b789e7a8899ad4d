import { addUsage, isFunctionCall, isMessage, UNKNOWN_TOOL_TEXT } from '../protocol/index.js';
import type {
  FunctionCallItem,
  FunctionCallOutputItem,
  Item,
  ResponsesReply,
  ResponsesRequest,
  StopReason,
  Usage,
} from '../protocol/index.js';
import { endingOf } from './ending.js';
import type { Playing, Progress } from './play.js';

/** When a loop must end although the model has not answered. 0 = no such limit. */
export interface TurnLimits {
  /** The dataset's own limit: ends as `max_steps`. */
  maxSteps: number;
  /** Our safety net: ends as `turn_limit`. */
  maxTurns: number;
  /** Turns in a row with neither a message nor a call: ends as `stalled`. */
  maxStalledTurns: number;
  /** Turns in a row in which nothing was called but tools that are not there: ends as `unknown_tool`. */
  maxUnknownToolTurns: number;
  /** Which calls of a reply are to be run; default: all of them. */
  calls?: (output: readonly Item[]) => FunctionCallItem[];
}

/** The input of a request as items; plain text is one user message. */
export function inputItems(request: ResponsesRequest): Item[] {
  return typeof request.input === 'string'
    ? [{ type: 'message', role: 'user', content: request.input }]
    : request.input;
}

/** Collects replies of one episode into the reply that a rollout stores. */
export class Transcript {
  readonly produced: Item[] = [];
  #usage: Usage | null = null;

  constructor(private readonly progress: Progress) {}

  add(reply: ResponsesReply): void {
    this.produced.push(...reply.output);
    this.#usage = addUsage(this.#usage, reply.usage);
    this.progress.turns += 1;
    this.progress.response = { ...reply, output: this.produced, usage: this.#usage };
  }
}

/** Model and tools in turns until the model answers or a limit is met; the reply is left in `progress`. */
export async function playTurns(playing: Playing, limits: TurnLimits): Promise<StopReason> {
  const { model, call, row, progress } = playing;
  const request = row.responses_create_params;
  const input = inputItems(request);
  const transcript = new Transcript(progress);
  let stalled = 0;
  let unknown = 0;
  for (let turn = 1; ; turn++) {
    const reply = await model.respond({ ...request, input: [...input, ...transcript.produced] }, call);
    call.signal.throwIfAborted();
    transcript.add(reply);
    if (reply.incomplete_details != null) return endingOf(reply, 'answered');
    const calls = limits.calls?.(reply.output) ?? reply.output.filter(isFunctionCall);
    if (calls.length === 0) {
      if (reply.output.some((item) => isMessage(item) && item.role === 'assistant')) {
        return endingOf(reply, 'answered');
      }
      stalled += 1;
      if (stalled === limits.maxStalledTurns) return 'stalled';
    } else {
      stalled = 0;
      // In the order of the calls and one after the other: tools of a session may depend on each other.
      const results: FunctionCallOutputItem[] = [];
      for (const item of calls) {
        const result = await runTool(item, playing);
        results.push(result);
        transcript.produced.push(result);
      }
      unknown = results.every(({ output }) => output === UNKNOWN_TOOL_TEXT) ? unknown + 1 : 0;
      if (unknown > 0 && unknown === limits.maxUnknownToolTurns) return 'unknown_tool';
    }
    if (turn === limits.maxSteps) return 'max_steps';
    if (turn === limits.maxTurns) return 'turn_limit';
  }
}

/** One reply, kept as it is: its calls are not run. */
export async function playOneTurn({ model, call, row, progress }: Playing): Promise<StopReason> {
  const request = row.responses_create_params;
  const reply = await model.respond({ ...request, input: inputItems(request) }, call);
  new Transcript(progress).add(reply);
  return endingOf(reply, 'single_turn');
}

/** Runs one call of the model's. Its arguments are the model's text: what is wrong with them is told to it. */
async function runTool(
  item: FunctionCallItem,
  { environment, session, call, progress }: Playing,
): Promise<FunctionCallOutputItem> {
  const result = (output: FunctionCallOutputItem['output']): FunctionCallOutputItem => ({
    type: 'function_call_output',
    call_id: item.call_id,
    output,
  });
  call.signal.throwIfAborted();
  let args: unknown;
  try {
    args = JSON.parse(item.arguments);
  } catch (error) {
    return result(JSON.stringify({ error: `Invalid tool call arguments: ${(error as Error).message}` }));
  }
  call.onPhase('tool', item.name);
  progress.step = 'tool_failed';
  const output = await environment.callTool(session, item.name, args, call);
  progress.step = 'internal';
  return result(output);
}
