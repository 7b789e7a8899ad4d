import { z } from 'zod';
import { CallFailure } from '../../../protocol/index.js';
import type { ResponsesReply } from '../../../protocol/index.js';
import {
  floatJson,
  lenientFloat,
  lenientInt,
  loadsJson,
  MathError,
  parseFloatText,
  plainJson,
  pythonEqual,
  tryLoadsJson,
} from '../../../python/index.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { invalidArgumentsText, ToolRefusal } from '../../kit/tool-text.js';
import { calculate } from './calculators.js';

const number = lenientFloat.nullable().optional();
const operands = z.object({ a: number, b: number, radians: number, base: number });

/** What the model reads: the solution, or why there is none. */
function answer(name: string, args: unknown): string {
  const parsed = operands.safeParse(args);
  if (!parsed.success) throw new ToolRefusal(422, invalidArgumentsText(args, parsed.error));
  const given = Object.entries(parsed.data).filter((entry): entry is [string, number] => entry[1] != null);
  try {
    const solution = calculate(name, Object.fromEntries(given));
    return solution === undefined ? '{"detail":"Function not found"}' : `{"solution":${floatJson(solution)}}`;
  } catch (error) {
    if (!(error instanceof MathError)) throw error;
    throw new ToolRefusal(500, JSON.stringify({ detail: error.message }));
  }
}

/** The solutions that the episode's tools gave; what is no number is none. */
function solutions({ output }: ResponsesReply): unknown[] {
  return output
    .filter(({ type }) => type === 'function_call_output')
    .map(({ output: text }) => {
      const read = typeof text === 'string' ? plainJson(tryLoadsJson(text) ?? null) : null;
      const value = (read as { solution?: unknown } | null)?.solution;
      if (typeof value === 'boolean') return Number(value);
      return typeof value === 'string' ? parseFloatText(value) : value;
    });
}

function expected(text: string): unknown[] {
  try {
    const read = plainJson(loadsJson(text));
    if (Array.isArray(read)) return read as unknown[];
    if (typeof read === 'string') return Array.from(read);
    throw new TypeError('it is no list');
  } catch (error) {
    throw new CallFailure('row_invalid', `ground_truth: ${(error as Error).message}`, { cause: error });
  }
}

/** Calculators that do not do what their names say: every expected value must be one that a call gave. */
export const mathAdvancedCalculations = defineEnvironment({
  name: 'math_advanced_calculations',
  version: 1,
  reverifyMode: 'stateless',
  config: z.object({}),
  row: z.object({
    id: lenientInt,
    depth: lenientInt,
    breadth: lenientInt,
    ground_truth: z.string(),
  }),
  anyTool: (_session, name, args) => answer(name, args),
  verify({ row, response }) {
    const found = solutions(response);
    const all = expected(row.ground_truth).every((wanted) =>
      found.some((value) => pythonEqual(value, wanted)),
    );
    return { reward: Number(all) };
  },
});
