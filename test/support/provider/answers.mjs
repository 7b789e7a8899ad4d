import { draw } from './random.mjs';

/**
 * What the model "says". A prompt can ask for it, so that rewards are predictable:
 *
 * - `[answer: TEXT]` is answered with TEXT;
 * - `[tool: NAME {json}]` is a call of that tool; several are made one per turn, then the answer follows;
 * - `[tools: NAME {json} | NAME {json}]` makes several calls in one turn;
 * - `[think: TEXT]` adds reasoning.
 *
 * Otherwise a multiple-choice prompt is answered with one of its letters, as `\boxed{X}`, and anything else
 * with a short sentence: both depend on the prompt alone.
 *
 * @param {import('./provider.d.mts').ReadRequest} request
 * @returns {import('./provider.d.mts').Answer}
 */
export function defaultAnswer(request) {
  const prompt = request.prompt;
  const reasoning = /\[think: ([^\]]*)\]/.exec(prompt)?.[1];
  const turn = toolTurns(prompt)[request.toolRounds];
  if (turn !== undefined) return { reasoning, toolCalls: turn };
  return { reasoning, text: /\[answer: ([^\]]*)\]/.exec(prompt)?.[1] ?? freeAnswer(prompt) };
}

/** @param {string} prompt */
function toolTurns(prompt) {
  return [...prompt.matchAll(/\[tools?: ([^\]]*)\]/g)].map((match) =>
    (match[1] ?? '').split(' | ').map((call) => {
      const [, name = '', args = '{}'] = /^\s*(\S+)\s*(.*)$/s.exec(call) ?? [];
      return { name, arguments: args === '' ? '{}' : args };
    }),
  );
}

/** @param {string} prompt */
function freeAnswer(prompt) {
  const letters = [...new Set([...prompt.matchAll(/^\s*([A-J])[:.)]/gm)].map((match) => match[1]))];
  if (letters.length < 2) return `I read ${prompt.split(/\s+/).length} words.`;
  return `The answer is \\boxed{${letters[Math.floor(draw(prompt) * letters.length)]}}`;
}

/**
 * Plausible token counts: one per word.
 *
 * @param {string} text
 */
export function countTokens(text) {
  return text === '' ? 0 : text.trim().split(/\s+/).length;
}
