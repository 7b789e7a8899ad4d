import { CodePointSet } from './code-point-set.js';
import { EXTRA_CASES, MAPS, SETS } from './tables.js';

/**
 * What Python 3.13 knows about characters (Unicode 15.1). Node's own tables are newer and differ between its versions;
 * with these a score is the same on every Node.
 */
export type SetName = keyof typeof SETS;
export type MapName = keyof typeof MAPS;

const sets = new Map<SetName, CodePointSet>();
const maps = new Map<MapName, ReadonlyMap<number, string>>();

const base36 = (text: string): number => Number.parseInt(text, 36);

export function codePointSet(name: SetName): CodePointSet {
  let set = sets.get(name);
  if (set === undefined) {
    const numbers = SETS[name].split(' ').map(base36);
    const ranges: number[] = [];
    for (let at = 0, next = 0; at < numbers.length; at += 2) {
      const first = next + numbers[at]!;
      ranges.push(first, first + numbers[at + 1]!);
      next = first + numbers[at + 1]! + 1;
    }
    set = new CodePointSet(ranges);
    sets.set(name, set);
  }
  return set;
}

/** Code point to the text that the method makes of it, where that is not itself. */
export function caseMap(name: MapName): ReadonlyMap<number, string> {
  let map = maps.get(name);
  if (map === undefined) {
    map = readMap(MAPS[name]);
    maps.set(name, map);
  }
  return map;
}

function readMap({ runs, several }: { runs: string; several: string }): Map<number, string> {
  const map = new Map<number, string>();
  const numbers = runs.split(' ').map(base36);
  for (let at = 0, next = 0; at < numbers.length; at += 4) {
    const [gap = 0, more = 0, step = 0, difference = 0] = numbers.slice(at, at + 4);
    const first = next + gap;
    for (let n = 0; n <= more; n++) {
      const code = first + n * step;
      map.set(code, String.fromCodePoint(code + difference));
    }
    next = first + more * step + 1;
  }
  for (const [code, to] of readLists(several)) map.set(code, String.fromCodePoint(...to));
  return map;
}

/** `a:b.c d:e` */
function readLists(text: string): [number, number[]][] {
  return text.split(' ').map((entry) => {
    const [code = '', to = ''] = entry.split(':');
    return [base36(code), to.split('.').map(base36)];
  });
}

let extras: ReadonlyMap<number, readonly number[]> | undefined;

/** Lower-case letters to others with the same upper case: `re` takes them for each other. */
export function extraCases(): ReadonlyMap<number, readonly number[]> {
  extras ??= new Map(readLists(EXTRA_CASES));
  return extras;
}
