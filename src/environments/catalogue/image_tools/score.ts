import { lower, plainJson, pythonEqual, pythonStr, strip } from '../../../python/index.js';
import type { Lossless } from '../../../python/index.js';
import { toBox, toColor, toFloat, toIndices, toInt, toPoint } from './values.js';
import type { Args } from './values.js';

const FAMILIES = {
  image_zoom_in_tool: 'bbox',
  image_crop_tool: 'bbox',
  color_at_tool: 'point',
  find_color_tool: 'color',
  count_objects_tool: 'color',
  image_diff_tool: 'pair',
  image_overlay_tool: 'pair',
  image_side_by_side_tool: 'multi',
  image_rotate_tool: 'scalar',
  image_flip_tool: 'scalar',
} as const;

export type Family = (typeof FAMILIES)[keyof typeof FAMILIES] | 'unknown';

/** What kind of arguments a tool has. */
export const familyOf = (name: string): Family =>
  Object.hasOwn(FAMILIES, name) ? FAMILIES[name as keyof typeof FAMILIES] : 'unknown';

const same = (one: number | undefined, other: number | undefined): boolean =>
  one === undefined || other === undefined || one === other;

/** Whether both calls are about the same pictures, as far as they say. */
export function sameTarget(family: Family, given: Args, expected: Args): boolean {
  if (family === 'unknown') return true;
  if (family === 'multi') {
    const [ours, theirs] = [given, expected].map((args) => toIndices(args.get('img_indices')));
    const ascending = (list: number[]): number[] => [...list].sort((one, other) => one - other);
    return ours === undefined || theirs === undefined || pythonEqual(ascending(ours), ascending(theirs));
  }
  const keys = family === 'pair' ? ['img_idx_a', 'img_idx_b'] : ['img_idx'];
  return keys.every((key) => same(toInt(given.get(key)), toInt(expected.get(key))));
}

type Score = readonly [score: number, detail: string];

/** How near the main argument of a call comes to the expected one, 0 to 1, and how that was told. */
export function argumentScore(family: Family, given: Args, expected: Args, tolerance: number): Score {
  return SCORES[family](given, expected, tolerance);
}

const SCORES: Readonly<Record<Family, (given: Args, expected: Args, tolerance: number) => Score>> = {
  bbox(given, expected) {
    const [box, wanted] = [toBox(given.get('bbox_2d')), toBox(expected.get('bbox_2d'))];
    if (wanted === undefined) return [1, 'expected_bbox_unparseable'];
    if (box === undefined) return [0, 'rollout_bbox_unparseable'];
    return pythonEqual(box, wanted) ? [1, 'exact_bbox'] : [overlap(box, wanted), 'iou'];
  },
  point(given, expected) {
    const [point, wanted] = [toPoint(given.get('point_2d')), toPoint(expected.get('point_2d'))];
    if (wanted === undefined) return [1, 'expected_point_unparseable'];
    if (point === undefined) return [0, 'rollout_point_unparseable'];
    const distance = Math.sqrt((point[0]! - wanted[0]!) ** 2 + (point[1]! - wanted[1]!) ** 2);
    return [Math.max(0, 1 - distance / 1000), 'point_distance'];
  },
  color(given, expected) {
    const [color, wanted] = [given, expected].map((args) => toColor(args.get('color')));
    if (color === undefined || wanted === undefined) {
      const [one, other] = [given, expected].map((args) => plainJson(args.get('color') ?? null));
      return pythonEqual(one, other) ? [1, 'color_absent'] : [0, 'color_mismatch'];
    }
    const apart = color.reduce((sum, channel, at) => sum + Math.abs(channel - wanted[at]!), 0);
    return [Math.max(0, 1 - apart / (3 * 255)), 'color_distance'];
  },
  scalar(given, expected, tolerance) {
    const key = ['degrees', 'axis'].find((one) => expected.has(one));
    if (key === undefined) return [1, 'scalar_no_key'];
    const [value, wanted] = [given.get(key) ?? null, expected.get(key)!];
    const [number, right] = [toFloat(value), toFloat(wanted)];
    if (number === undefined || right === undefined) return [Number(word(value) === word(wanted)), key];
    const apart = key === 'degrees' ? degreesApart(number, right) : Math.abs(number - right);
    return [Number(apart <= tolerance), key];
  },
  pair: alphaScore,
  multi: alphaScore,
  unknown: () => [1, 'unknown_family'],
};

function alphaScore(given: Args, expected: Args, tolerance: number): Score {
  const [alpha, wanted] = [toFloat(given.get('alpha')), toFloat(expected.get('alpha'))];
  if (alpha === undefined || wanted === undefined) return [1, 'index_only'];
  return [Number(Math.abs(alpha - wanted) <= tolerance), 'alpha'];
}

const word = (value: Lossless): string => lower(strip(pythonStr(value)));

/** 350 and -10 degrees are the same. */
function degreesApart(one: number, other: number): number {
  const turn = (((one - other) % 360) + 360) % 360;
  return Math.min(turn, 360 - turn);
}

/** Intersection over union. */
function overlap(one: readonly number[], other: readonly number[]): number {
  const side = (low: number, high: number): number => Math.max(0, high - low);
  const width = side(Math.max(one[0]!, other[0]!), Math.min(one[2]!, other[2]!));
  const height = side(Math.max(one[1]!, other[1]!), Math.min(one[3]!, other[3]!));
  const common = width * height;
  if (!(common > 0)) return 0;
  const area = (box: readonly number[]): number => side(box[0]!, box[2]!) * side(box[1]!, box[3]!);
  return common / (area(one) + area(other) - common);
}
