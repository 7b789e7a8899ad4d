import { z } from 'zod';
import { CallFailure } from '../../../protocol/index.js';
import type { ResponsesReply } from '../../../protocol/index.js';
import { JsonNumber, parseIntText, tryLoadsJson } from '../../../python/index.js';
import type { Lossless } from '../../../python/index.js';
import { circlesOfColour, circlesRow } from '../../kit/circles.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { functionCalls } from '../../kit/function-calls.js';

/** `int()` of a value from JSON: fractions are cut off. Undefined where there is no such integer. */
function toInteger(value: Lossless | undefined): number | undefined {
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'string') return parseIntText(value);
  const number = value instanceof JsonNumber ? Math.trunc(value.value) + 0 : NaN;
  return Number.isFinite(number) ? number : undefined;
}

/** Where the first click went; nothing from the first coordinate on that cannot be read. */
function clickOf(response: ResponsesReply): { x?: number | undefined; y?: number | undefined } {
  const args = tryLoadsJson(functionCalls(response, 'click')[0]?.arguments ?? '');
  if (!(args instanceof Map)) return {};
  const x = toInteger(args.get('x'));
  return { x, y: x === undefined ? undefined : toInteger(args.get('y')) };
}

function isInside(x: number, y: number, circle: Readonly<Record<string, unknown>>): boolean {
  const [left, top, radius] = [circle['x'], circle['y'], circle['radius']];
  if (typeof left !== 'number' || typeof top !== 'number' || typeof radius !== 'number') {
    throw new CallFailure('row_invalid', 'circles: a circle needs the numbers "x", "y" and "radius"');
  }
  return Math.sqrt((x - left) ** 2 + (y - top) ** 2) <= radius;
}

const given = z.unknown().refine((value) => value !== undefined, 'Field required');

/** A click on the circle of a colour: the first click counts, and of several such circles the first. */
export const circleClick = defineEnvironment({
  name: 'circle_click',
  version: 1,
  reverifyMode: 'stateless',
  config: z.object({}),
  row: circlesRow,
  tools: { click: { parameters: z.object({ x: given, y: given }), run: (_session, { x, y }) => ({ x, y }) } },
  verify({ row, response }) {
    const { x, y } = clickOf(response);
    const [circle] = x === undefined || y === undefined ? [] : circlesOfColour(row);
    const hit = circle !== undefined && isInside(x!, y!, circle);
    return { reward: Number(hit), clicked_x: x ?? null, clicked_y: y ?? null, hit };
  },
});
