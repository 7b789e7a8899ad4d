import { z } from 'zod';
import { lenientFloat, parseFloatText, parseIntText, pythonRegex } from '../../../python/index.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { assistantLines } from '../../kit/reply-text.js';

const POINT = pythonRegex(String.raw`<point>\s*\[?\s*\(\s*(\d+)\s*,\s*(\d+)\s*\)\s*\]?\s*</point>`);

type Point = readonly [x: number, y: number];

/** `x,y` in parts of the picture. */
function readTarget(text: string): Point | undefined {
  const [x, y] = text.split(',').map(parseFloatText);
  return x === undefined || y === undefined || text.split(',').length !== 2 ? undefined : [x, y];
}

/** The first `<point>(x, y)</point>`, in thousandths of the picture. */
function readPoint(text: string): Point | undefined {
  const match = POINT.search(text);
  if (match === undefined) return undefined;
  return [parseIntText(match.group(1)!)! / 1000, parseIntText(match.group(2)!)! / 1000];
}

/** A point on a screen: full marks on the target, none from `max_dist` on, falling with the square between. */
export const guiCoordinate = defineEnvironment({
  name: 'gui_coordinate',
  version: 1,
  reverifyMode: 'stateless',
  config: z.object({}),
  row: z.object({
    expected_answer: z.string(),
    max_dist: lenientFloat.default(0.15),
    metadata: z.record(z.string(), z.unknown()).nullish(),
  }),
  verify({ row: { expected_answer: expected, max_dist: reach }, response }) {
    const target = readTarget(expected);
    const point = readPoint(assistantLines(response));
    if (target === undefined || point === undefined) {
      return { reward: 0, expected_answer: expected, extracted_x: null, extracted_y: null, distance: null };
    }
    const distance = Math.sqrt((point[0] - target[0]) ** 2 + (point[1] - target[1]) ** 2);
    return {
      reward: distance >= reach ? 0 : (1 - distance / reach) ** 2,
      expected_answer: expected,
      extracted_x: point[0],
      extracted_y: point[1],
      distance,
    };
  },
});
