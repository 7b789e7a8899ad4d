import { isObject } from '../../../../protocol/index.js';
import {
  lower,
  parseIntText,
  plainJson,
  pythonEqual,
  pythonRegex,
  splitLines,
  splitWords,
  strip,
  tryLoadsJson,
  upper,
} from '../../../../python/index.js';
import { gold, listOf, NeedsLibrary, numberOf, objectOf, textOf, Unscored } from '../entry.js';
import type { Scorer } from '../entry.js';

/** Letters to digits so that the sum is right; a hundredth for any readable mapping. */
export const cryptarithm: Scorer = (answer, entry) => {
  const mapping = new Map<string, number>();
  for (const pair of answer.split(',')) {
    const [letter, digit, ...more] = strip(pair).split('=');
    const value = digit === undefined || more.length > 0 ? undefined : parseIntText(digit);
    if (value === undefined) return 0;
    mapping.set(strip(letter!), value);
  }
  const words = listOf<string>(entry, 'words_letters');
  const result = textOf(entry, 'result_letters');
  const letters = new Set([...words, result].join(''));
  const digits = [...mapping.values()];
  const valid =
    letters.size === mapping.size &&
    [...letters].every((letter) => mapping.has(letter)) &&
    digits.every((digit) => digit >= 0 && digit <= 9) &&
    new Set(digits).size === digits.length &&
    (entry.metadata['allow_leading_zero'] === true ||
      [...words, result].every((word) => word === '' || mapping.get(word[0]!) !== 0));
  const numberOfWord = (word: string): number =>
    Number(Array.from(word, (letter) => mapping.get(letter)).join(''));
  const sum = valid ? words.reduce((all, word) => all + numberOfWord(word), 0) : Number.NaN;
  return sum === numberOfWord(result) ? 1 : 0.01;
};

/** Fill, empty and pour until some jug has held the target. */
export const jugs: Scorer = (answer, entry) => {
  const { jug_capacities: capacities, target } = objectOf(entry, 'puzzle') as {
    jug_capacities: number[];
    target: number;
  };
  const moves = tryLoadsJson(answer);
  if (!Array.isArray(moves)) throw new Unscored('no moves');
  const water = capacities.map(() => 0);
  const jug = (name: string | undefined): number => {
    const index = name === undefined || name.length !== 1 ? -1 : name.charCodeAt(0) - 65;
    if (index < 0 || index >= water.length) throw new Unscored('no such jug');
    return index;
  };
  for (const move of moves) {
    if (typeof move !== 'string') throw new Unscored('no move');
    const [what, which = ''] = splitWords(move);
    if (what === 'fill') water[jug(which)] = capacities[jug(which)]!;
    else if (what === 'empty') water[jug(which)] = 0;
    else if (what === 'pour' && which.split('->').length === 2) {
      const [from, to] = which.split('->').map(jug) as [number, number];
      const amount = Math.min(water[from]!, capacities[to]! - water[to]!);
      water[from]! -= amount;
      water[to]! += amount;
    } else throw new Unscored('no move');
  }
  return water.includes(target) ? 1 : 0.01;
};

/** A colour for every vertex, another for each neighbour; a hundredth for any readable mapping. */
export const graphColor: Scorer = (answer, entry) => {
  const found = tryLoadsJson(answer);
  const colours = found === undefined ? undefined : plainJson(found);
  if (!isObject(colours)) throw new Unscored('no mapping');
  const {
    vertices,
    edges,
    color_options: allowed,
  } = objectOf(entry, 'puzzle') as {
    vertices: (number | string)[];
    edges: [number | string, number | string][];
    color_options: unknown[];
  };
  const colour = (vertex: number | string): unknown => colours[String(vertex)];
  const valid =
    vertices.every((vertex) =>
      allowed.some((one) => colour(vertex) !== undefined && pythonEqual(one, colour(vertex))),
    ) && edges.every(([u, v]) => !pythonEqual(colour(u), colour(v)));
  return valid ? 1 : 0.01;
};

const HANOI = pythonRegex(String.raw`Move disk (\d+) from Peg (\d+) to Peg (\d+)`);

/** All disks on the target; moves beyond the fewest cost their share. */
export const towerOfHanoi: Scorer = (answer, entry) => {
  const moves = splitLines(strip(answer))
    .map((line) => strip(line))
    .filter((line) => line !== '');
  if (answer === '') return 0;
  const disks = Array.from(
    { length: numberOf(entry, 'num_disks') },
    (_, index) => numberOf(entry, 'num_disks') - index,
  );
  const pegs = new Map<number, number[]>();
  for (let peg = 1; peg <= numberOf(entry, 'num_pegs'); peg++) pegs.set(peg, []);
  pegs.set(numberOf(entry, 'start_peg'), [...disks]);
  for (const move of moves) {
    const match = HANOI.search(move);
    if (match === undefined || splitWords(move).length !== 9) return 0;
    const [disk, from, to] = match.groups().map((digits) => parseIntText(digits!)) as [
      number,
      number,
      number,
    ];
    const [source, goal] = [pegs.get(from), pegs.get(to)];
    if (source?.at(-1) !== disk || goal === undefined || (goal.at(-1) ?? Infinity) < disk) return 0;
    source.pop();
    goal.push(disk);
  }
  if (!pythonEqual(pegs.get(numberOf(entry, 'target_peg')), disks)) return 0.05;
  const fewest = entry.metadata['solution_length'] ?? moves.length;
  return moves.length <= (fewest as number) ? 1 : (fewest as number) / moves.length;
};

/** Buttons pressed until the target shows; half when more were pressed than needed. */
export const quantumLock: Scorer = (answer, entry) => {
  const presses = (text: string): string[] => upper(text).match(/[A-C]/g) ?? [];
  const [given, wanted] = [presses(answer), presses(gold(entry))];
  if (given.join('') === wanted.join('')) return 1;
  const buttons = new Map(
    listOf<{ name: string; type: string; value: number; active_state: string }>(entry, 'buttons').map(
      (one) => [one.name, one],
    ),
  );
  let state = numberOf(entry, 'initial_value');
  let colour = textOf(entry, 'initial_state');
  for (const name of given) {
    const button = buttons.get(name);
    if (button === undefined || ![colour, 'any'].includes(button.active_state)) continue;
    if (button.type === 'add') state += button.value;
    else if (button.type === 'subtract') state -= button.value;
    else if (button.type === 'multiply') state *= button.value;
    colour = colour === 'red' ? 'green' : 'red';
  }
  if (state !== numberOf(entry, 'target_value')) return 0;
  return given.length === wanted.length ? 1 : 0.5;
};

const STEPS: ReadonlyMap<string, readonly [number, number]> = new Map([
  ['right', [0, 1]],
  ['down', [1, 0]],
  ['left', [0, -1]],
  ['up', [-1, 0]],
]);

/** A way from `*` to `#` past every `X`; half for one that is longer than needed. */
export const shortestPath: Scorer = (answer, entry) => {
  if (answer === '') return 0;
  if (strip(answer) === strip(gold(entry))) return 1;
  const steps = splitWords(answer);
  if (!leads(listOf<string[]>(entry, 'matrix'), steps)) return 0;
  return steps.length === splitWords(gold(entry)).length ? 1 : 0.5;
};

function leads(map: readonly string[][], steps: readonly string[]): boolean {
  const place = (mark: string): [number, number] => {
    const row = map.findIndex((cells) => cells.includes(mark));
    if (row === -1) throw new Unscored(`no ${mark} on the map`);
    return [row, map[row]!.indexOf(mark)];
  };
  let [row, column] = place('*');
  const end = place('#');
  for (const step of steps) {
    const [down, right] = STEPS.get(step) ?? [NaN, NaN];
    row += down;
    column += right;
    const cell = map[row]?.[column];
    if (cell === undefined || cell === 'X') return false;
  }
  return row === end[0] && column === end[1];
}

type Side = 'w' | 'B';

/** Knights that change places; `No` where they cannot. */
export const knightSwap: Scorer = (answer, entry) => {
  const text = strip(answer);
  if (text === '') return 0;
  const no = lower(text) === 'no';
  if (entry.metadata['is_possible'] !== true) return Number(no);
  const moves = no ? undefined : tryLoadsJson(text);
  if (!Array.isArray(moves)) return 0;
  const board = objectOf(entry, 'board') as Record<string, string[]>;
  const before = objectOf(entry, 'pieces') as Record<string, Side | null>;
  const pieces: Record<string, Side | null | undefined> = { ...before };
  let turn = textOf(entry, 'start_turn');
  for (const move of moves) {
    const [side, start = '', end = '', ...more] = typeof move === 'string' ? move.split(',') : [];
    if (side !== turn || more.length > 0 || pieces[start] !== side) return 0;
    if (!(board[start] ?? []).includes(end) || (pieces[end] ?? null) !== null) return 0;
    pieces[end] = side;
    pieces[start] = null;
    turn = turn === 'w' ? 'B' : 'w';
  }
  const places = (on: Record<string, Side | null | undefined>, side: Side): string =>
    Object.keys(on)
      .filter((place) => on[place] === side)
      .sort()
      .join();
  if (places(pieces, 'w') !== places(before, 'B') || places(pieces, 'B') !== places(before, 'w')) return 0.05;
  const fewest = listOf(entry, 'solution').length;
  return moves.length <= fewest ? 1 : fewest / moves.length;
};

/** A chain of words, each one letter from the last. Which words there are is known of the row's answer only. */
export const wordLadder: Scorer = (answer, entry) => {
  const words = upper(answer)
    .split(',')
    .map((word) => strip(word));
  const [start, end] = [textOf(entry, 'start_word'), textOf(entry, 'end_word')];
  if (words.length < 2 || words[0] !== start || words.at(-1) !== end) return 0;
  if (!words.every((word) => word.length === end.length)) return 0;
  const apart = (one: string, two: string): number =>
    Array.from(one).filter((letter, index) => letter !== two[index]).length;
  if (words.some((word, index) => index > 0 && apart(words[index - 1]!, word) !== 1)) return 0;
  const known = new Set(upper(entry.answer ?? '').split(','));
  if (words.every((word) => known.has(word))) return 1;
  throw new NeedsLibrary('its list of English words');
};

const PUSHES: ReadonlyMap<string, readonly [number, number]> = new Map([
  ['R', [0, 1]],
  ['L', [0, -1]],
  ['U', [-1, 0]],
  ['D', [1, 0]],
]);

/** Boxes pushed onto their goals; what is no move is passed over. Walls stop the player, and no box but another box. */
export const sokoban: Scorer = (answer, entry) => {
  const rows = strip(textOf(entry, 'gamestr').replaceAll(' ', ''))
    .split('\n')
    .map((line) => Array.from(line));
  const goals = rows.map((row) => row.map((cell) => 'X$%'.includes(cell)));
  const things = rows.map((row) =>
    row.map((cell) => (cell === '+' ? 'wall' : '@$'.includes(cell) ? 'box' : null)),
  );
  let row = rows.findLastIndex((cells) => cells.some((cell) => '*%'.includes(cell)));
  let column = rows[row]?.findLastIndex((cell) => '*%'.includes(cell)) ?? -1;
  for (const letter of answer) {
    const [down, right] = PUSHES.get(letter) ?? [0, 0];
    const here = things[row + down]?.[column + right];
    if (here === undefined) throw new Unscored('off the board');
    if (here === 'wall' || (down === 0 && right === 0)) continue;
    if (here === 'box') {
      const beyond = things[row + 2 * down]?.[column + 2 * right];
      if (beyond === undefined) throw new Unscored('off the board');
      if (beyond === 'box') continue;
      things[row + 2 * down]![column + 2 * right] = 'box';
      things[row + down]![column + right] = null;
    }
    row += down;
    column += right;
  }
  return Number(things.every((cells, r) => cells.every((thing, c) => thing !== 'box' || goals[r]![c])));
};
