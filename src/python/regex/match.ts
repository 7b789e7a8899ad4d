import { expandTemplate, parseTemplate } from './template.js';
import type { Subject } from './match/subject.js';

/** What a match needs to know of its pattern. */
export interface PatternGroups {
  /** Number of capturing groups. */
  readonly groups: number;
  /** Names of groups to their numbers. */
  readonly groupIndex: ReadonlyMap<string, number>;
}

/** One match. Offsets are those of JavaScript strings (UTF-16), so that `text.slice(start, end)` is the match. */
export class PythonMatch {
  readonly #pattern: PatternGroups;
  readonly #subject: Subject;
  /** Start and end of each group in code points, the whole first; -1 where it took no part. */
  readonly #spans: Int32Array;

  constructor(pattern: PatternGroups, subject: Subject, spans: Int32Array) {
    this.#pattern = pattern;
    this.#subject = subject;
    this.#spans = spans;
  }

  /** The text of a group by number or name; undefined (Python: None) when it took no part. */
  group(group: number | string = 0): string | undefined {
    const index = this.#index(group);
    const start = this.#spans[2 * index]!;
    return start === -1 ? undefined : this.#subject.slice(start, this.#spans[2 * index + 1]!);
  }

  /** The texts of all groups from 1 on. */
  groups(): (string | undefined)[] {
    return Array.from({ length: this.#pattern.groups }, (_, index) => this.group(index + 1));
  }

  /** The texts of the named groups. */
  groupDict(): Record<string, string | undefined> {
    return Object.fromEntries([...this.#pattern.groupIndex.keys()].map((name) => [name, this.group(name)]));
  }

  /** Where a group begins; -1 when it took no part. */
  start(group: number | string = 0): number {
    return this.#offset(2 * this.#index(group));
  }

  /** Where a group ends; -1 when it took no part. */
  end(group: number | string = 0): number {
    return this.#offset(2 * this.#index(group) + 1);
  }

  /** Start and end of a group. */
  span(group: number | string = 0): [start: number, end: number] {
    return [this.start(group), this.end(group)];
  }

  /** A replacement template (`\1`, `\g<name>`) filled from this match. */
  expand(template: string): string {
    return expandTemplate(parseTemplate(template, this.#pattern), this);
  }

  #offset(at: number): number {
    const index = this.#spans[at]!;
    return index === -1 ? -1 : this.#subject.offset(index);
  }

  #index(group: number | string): number {
    const index = typeof group === 'number' ? group : this.#pattern.groupIndex.get(group);
    if (index === undefined || index < 0 || index > this.#pattern.groups)
      throw new RangeError('no such group');
    return index;
  }
}
