import { z } from 'zod';
import { CallFailure, isObject } from '../../../protocol/index.js';
import type { FunctionCallItem, JsonObject } from '../../../protocol/index.js';
import {
  asLossless,
  characters,
  JsonDecodeError,
  loadsJson,
  lower,
  plainJson,
  splitLines,
  strip,
  writePython,
} from '../../../python/index.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import type { EnvironmentSetup } from '../../kit/definition.js';
import { functionCalls } from '../../kit/function-calls.js';
import { missingField, wrongType } from '../../kit/pydantic-text.js';
import { serverFile } from '../../kit/server-file.js';
import { Game } from './game.js';

const config = z.object({ word_list: z.string().default('data/guesses.txt') });
type Config = z.infer<typeof config>;

const lists = new WeakMap<object, ReadonlySet<string>>();

/** The words that may be guessed: a line each, but for lines that begin with `#`; the list is read once. */
function wordsOf(setup: EnvironmentSetup<Config>): ReadonlySet<string> {
  const known = lists.get(setup.config);
  if (known !== undefined) return known;
  const lines = splitLines(serverFile(setup, 'wordle', setup.config.word_list));
  const words = new Set(lines.filter((line) => !line.startsWith('#')).map((line) => strip(line)));
  lists.set(setup.config, words);
  return words;
}

/** The one argument of a tool, a text; what is wrong with the arguments, in the words of the reference's library. */
function argument(args: unknown, model: string, key: string): { text: string } | { fault: string } {
  if (!isObject(args))
    return { fault: wrongType(model, null, args, `a valid dictionary or instance of ${model}`) };
  const given = args[key];
  if (given === undefined) return { fault: missingField(model, key, args) };
  if (typeof given !== 'string') return { fault: wrongType(model, key, given, 'a valid string') };
  return { text: strip(lower(given)) };
}

const TOOLS: Readonly<Record<string, (game: Game, args: unknown) => object | { fault: string }>> = {
  submit_guess(game, args) {
    const read = argument(args, 'SubmitGuessRequest', 'guess');
    return 'fault' in read ? read : game.guess(read.text);
  },
  check_word_validity(game, args) {
    const read = argument(args, 'CheckWordValidityRequest', 'word');
    return 'fault' in read ? read : game.check(read.text);
  },
  get_game_state: (game) => game.state(),
};

function answer(game: Game, { name, arguments: text }: FunctionCallItem): object {
  const invalid = (why: string): object => ({ error: `Invalid arguments for ${name}: ${why}` });
  try {
    const args = plainJson(loadsJson(text === '' ? '{}' : text));
    const result = Object.hasOwn(TOOLS, name) ? TOOLS[name]!(game, args) : { error: `Unknown tool: ${name}` };
    return 'fault' in result ? invalid(String(result.fault)) : result;
  } catch (error) {
    if (error instanceof JsonDecodeError) return invalid(error.message);
    throw error;
  }
}

/** A hidden word of five letters, to be found by guesses that are tool calls. */
export const wordle = defineEnvironment({
  name: 'wordle',
  version: 1,
  config,
  row: z.object({
    word_length: z.number().default(5),
    max_turns: z.number().default(6),
    custom_target: z.string().min(1),
  }),
  prepare: wordsOf,
  open({ custom_target: given, word_length: length, max_turns: turns }, setup) {
    const [words, target] = [wordsOf(setup), lower(given)];
    if (characters(target).length !== length || !words.has(target)) {
      throw new CallFailure(
        'row_invalid',
        `custom_target: "${given}" is no word of ${length} letters of the list`,
      );
    }
    return new Game(target, length, turns, words);
  },
  step({ session: game, response }) {
    const outputs = functionCalls(response).map((call): JsonObject => ({
      call_id: call.call_id,
      output: writePython(asLossless(answer(game, call))),
    }));
    const info: JsonObject = {
      game_outcome: game.won ? 'win' : game.over ? 'loss' : 'incomplete',
      turns_used: game.turn,
      won: Number(game.won),
      turns_if_won: game.won ? game.turn : 0,
    };
    if (outputs.length > 0 && !game.over) return { info: { ...info, tool_outputs: outputs } };
    return { reward: Math.max(game.reward, 0), terminated: true, info };
  },
});
