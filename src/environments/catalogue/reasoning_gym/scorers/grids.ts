import {
  characters,
  literalValue,
  parseFloatText,
  parseIntText,
  plainJson,
  pythonEqual,
  pythonStr,
  splitLines,
  splitWords,
  strip,
  stripEnd,
  tryLoadsJson,
} from '../../../../python/index.js';
import type { Lossless } from '../../../../python/index.js';
import { gold, listOf, numberOf, Unscored } from '../entry.js';
import type { Scorer } from '../entry.js';

const length = (text: string): number => characters(text).length;

/** What the library's `eval` makes of an answer. */
function evaluated(answer: string): Lossless {
  return literalValue(answer);
}

const rowsOf = (value: Lossless): Lossless[] => {
  if (Array.isArray(value)) return value;
  if (typeof value === 'string') return characters(value);
  throw new Unscored('no list');
};

const lines = (value: Lossless): string =>
  rowsOf(value)
    .map((row) => rowsOf(row).map(pythonStr).join(' '))
    .join('\n');

/** A matrix as text; a tenth for the same as a list of lists. */
export const binaryMatrix: Scorer = (answer, entry) => {
  if (answer === gold(entry)) return 1;
  return lines(evaluated(answer)) === gold(entry) ? 0.1 : 0;
};

/** Numbers as text; a tenth for the same as a list. */
export const spiralMatrix: Scorer = (answer, entry) => {
  const wanted = strip(gold(entry));
  if (answer === '') return 0;
  if (strip(answer) === wanted) return 1;
  return rowsOf(evaluated(strip(answer)))
    .map(pythonStr)
    .join(' ') === wanted
    ? 0.1
    : 0;
};

/** A text; a tenth for its letters as a list. */
export const stringInsertion: Scorer = (answer, entry) => {
  if (answer === gold(entry)) return 1;
  const parts = rowsOf(evaluated(answer));
  return parts.every((part) => typeof part === 'string') && parts.join('') === gold(entry) ? 0.1 : 0;
};

/** A board of queens; half for the same as a list of lists. */
export const nQueens: Scorer = (answer, entry) => {
  const valid = listOf<string>(entry, 'valid_answers');
  if (valid.includes(answer)) return 1;
  const rows = rowsOf(evaluated(answer)).map(rowsOf);
  const texts = rows.map((row) => row.filter((cell) => typeof cell === 'string'));
  if (texts.flat().length < rows.flat().length) return 0;
  return valid.includes(texts.map((row) => row.join(' ')).join('\n')) ? 0.5 : 0;
};

/** A matrix as text, however its numbers are set apart; one with more around it counts by its share. */
export const manipulateMatrix: Scorer = (answer, entry) => {
  const wanted = strip(gold(entry));
  if (answer === '') return 0;
  if (strip(answer) === wanted) return 1;
  const given = strip(
    strip(answer)
      .split('\n')
      .map((row) => splitWords(row).join(' '))
      .join('\n'),
  );
  if (given === wanted) return 1;
  return given.includes(wanted) ? length(wanted) / length(given) : 0;
};

/** The board of an ARC task. It is compared with a list, which no board equals: every readable one has a little. */
export const arcBoard: Scorer = (answer) => {
  const rows = answer
    .split('\n')
    .map((line) => strip(line))
    .filter((line) => !line.startsWith('Shape: '));
  for (const cell of strip(rows.join('\n')).split(/[ \n]/)) {
    if (strip(cell) !== '' && !/^[0-9]$/.test(strip(cell))) throw new Unscored('no cell');
  }
  return 0.05;
};

/** The share of cells that are right. */
export const gameOfLife: Scorer = (answer, entry) => {
  const [given, wanted] = [tryLoadsJson(answer), tryLoadsJson(gold(entry))].map((value) =>
    value === undefined ? undefined : plainJson(value),
  );
  if (given === undefined || !Array.isArray(wanted)) return 0;
  const rows = (Array.isArray(wanted[0]) ? wanted : [wanted]) as unknown[][];
  const board = (Array.isArray(wanted[0]) ? given : [given]) as unknown;
  let [right, all] = [0, 0];
  for (const [i, row] of rows.entries()) {
    for (const [j, cell] of row.entries()) {
      all += 1;
      right += Number(pythonEqual(at(at(board, i), j), cell));
    }
  }
  return all === 0 ? 0 : right / all;
};

const at = (list: unknown, index: number): unknown =>
  Array.isArray(list) ? (list as unknown[])[index] : undefined;

/** Matrices of the same shape: 1 when all numbers are within a hundredth of theirs, else a tenth. */
export const poolMatrix: Scorer = (answer, entry) => {
  const [wanted, given] = [matrix(gold(entry)), matrix(answer)];
  if (String(wanted.shape) !== String(given.shape)) return 0;
  const near = wanted.values.every(
    (value, index) => Math.abs(value - given.values[index]!) <= 1e-8 + 1e-2 * Math.abs(given.values[index]!),
  );
  return near ? 1 : 0.1;
};

function matrix(text: string): { shape: number[]; values: number[] } {
  const rows = splitLines(text)
    .map((line) => splitWords(line.split('#')[0]!))
    .filter((row) => row.length > 0);
  const width = rows[0]?.length ?? 0;
  if (rows.some((row) => row.length !== width)) throw new Unscored('rows of different length');
  const values = rows.flat().map((cell) => {
    const value = cell.includes('_') ? undefined : parseFloatText(cell);
    if (value === undefined) throw new Unscored('no number');
    return Math.fround(value);
  });
  // As numpy squeezes: one row or one column is a vector, one number a scalar.
  const shape = rows.length === 0 ? [0] : [rows.length, width].filter((size) => size !== 1);
  return { shape, values };
}

/** A solved grid: as it stands; else nine tenths of the share of right cells, less where the answer is too long. */
export const numberGrid: Scorer = (answer, entry) => {
  if (answer === '') return 0;
  const solution = listOf<number[]>(entry, 'solution');
  const size = solution[0]!.length;
  const wanted = gold(entry);
  const ragged = (text: string): string =>
    text
      .split('\n')
      .map((line) => stripEnd(line))
      .join('\n');
  let credit = ragged(answer) === ragged(wanted) ? 1 : (shareOfCells(answer, solution) / (size * size)) * 0.9;
  if (length(answer) > length(wanted)) credit *= length(wanted) / length(answer);
  return credit;
};

function shareOfCells(answer: string, solution: readonly number[][]): number {
  const rows = answer
    .split('\n')
    .map((line) => (line.match(/[1-9]/g) ?? []).map(Number))
    .filter((row) => row.length === solution[0]!.length)
    .slice(0, solution.length);
  return rows.flatMap((row, r) => row.filter((cell, c) => cell === solution[r]![c])).length;
}

/** The stored solution; what is no number is passed over. */
export const survo: Scorer = (answer, entry) => {
  const size = numberOf(entry, 'board_size');
  const rows = strip(answer)
    .split('\n')
    .map((line) =>
      splitWords(line)
        .map(parseIntText)
        .filter((cell) => cell !== undefined),
    )
    .filter((row) => row.length > 0);
  if (rows.length !== size || rows.some((row) => row.length !== size)) return 0;
  return Number(pythonEqual(rows, listOf(entry, 'solution').slice(0, size)));
};

/** Cells that are set, weighed by their place, make the sums of rows and columns. */
export const kakurasu: Scorer = (answer, entry) => {
  const [height, width] = [numberOf(entry, 'n_rows'), numberOf(entry, 'n_cols')];
  const rows = strip(answer)
    .split('\n')
    .map((line) => (line.match(/[01]/g) ?? []).map(Number));
  if (rows.length !== height || rows.some((row) => row.length !== width)) return 0;
  const weigh = (cells: readonly number[]): number =>
    cells.reduce((sum, cell, index) => sum + cell * (index + 1), 0);
  const columns = Array.from({ length: width }, (_, column) => weigh(rows.map((row) => row[column]!)));
  return Number(
    pythonEqual(rows.map(weigh), listOf(entry, 'row_sums')) &&
      pythonEqual(columns, listOf(entry, 'col_sums')),
  );
};

/** Lists of the same words, in whatever order; a little for any other list of lists. */
export const groupAnagrams: Scorer = (answer, entry) => {
  const given = tryLoadsJson(answer);
  if (given === undefined) return 0;
  return groups(plainJson(given)) === groups(listOf(entry, 'solution')) ? 1 : 0.01;
};

function groups(lists: unknown): string {
  if (!Array.isArray(lists)) throw new Unscored('no list');
  const sorted = lists.map((list) =>
    sortedTexts(Array.isArray(list) ? list : typeof list === 'string' ? characters(list) : null),
  );
  sorted.sort((a, b) => compare(a[0] ?? '', b[0] ?? ''));
  return JSON.stringify(sorted);
}

function sortedTexts(list: readonly unknown[] | null): string[] {
  if (list === null || !list.every((item) => typeof item === 'string')) throw new Unscored('no texts');
  return [...list].sort(compare);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The same partitions, in whatever order. */
export const palindromePartitioning: Scorer = (answer, entry) => {
  const set = (lists: unknown): string[] => {
    if (!Array.isArray(lists)) throw new Unscored('no list');
    const keys = lists.map((list) => JSON.stringify(typeof list === 'string' ? characters(list) : list));
    return [...new Set(keys)].sort(compare);
  };
  const given = tryLoadsJson(answer);
  if (given === undefined) return 0;
  return Number(String(set(plainJson(given))) === String(set(listOf(entry, 'solution'))));
};
