import { Flag, TYPE_FLAGS } from '../flags.js';
import { PythonRegexError } from '../regex-error.js';
import { joinBranches } from './alternation.js';
import { escapeNode, numberEscape } from './escapes.js';
import { GroupTable } from './group-table.js';
import { isFlag, parseFlags } from './parse-flags.js';
import { parseSet } from './parse-set.js';
import { length, PatternSource } from './pattern-source.js';
import { UNLIMITED } from './syntax.js';
import type { Node, RepeatMode, Sequence } from './syntax.js';

/** Groups inside each other: about where Python's own recursion ends. */
const MAX_NESTING = 500;

export interface ParsedPattern {
  body: Sequence;
  /** Number of capturing groups. */
  groups: number;
  names: ReadonlyMap<string, number>;
  /** The given flags and those that the pattern sets for itself. */
  flags: number;
}

/** Reads a pattern of Python 3.13's `re`. Throws `PythonRegexError` with Python's words for what Python refuses. */
export function parsePattern(pattern: string, flags: number): ParsedPattern {
  return new Parser(pattern, flags).parse();
}

class Parser {
  readonly #source: PatternSource;
  readonly #groups: GroupTable;
  #flags: number;
  #nesting = 0;

  constructor(pattern: string, flags: number) {
    this.#source = new PatternSource(pattern);
    this.#groups = new GroupTable(this.#source);
    this.#flags = flags;
  }

  parse(): ParsedPattern {
    const body = this.#alternatives((this.#flags & Flag.verbose) !== 0);
    if ((this.#flags & TYPE_FLAGS) === TYPE_FLAGS) {
      throw new PythonRegexError(this.#source.pattern, 'ASCII and UNICODE flags are incompatible');
    }
    if ((this.#flags & Flag.ascii) === 0) this.#flags |= Flag.unicode;
    if (this.#source.next !== undefined) throw this.#source.error('unbalanced parenthesis');
    this.#groups.checkConditionals();
    return { body, groups: this.#groups.size - 1, names: this.#groups.names, flags: this.#flags };
  }

  #alternatives(verbose: boolean): Sequence {
    const branches: Sequence[] = [];
    const outermost = this.#nesting === 0;
    do {
      const isVerbose = outermost && branches.length > 0 ? (this.#flags & Flag.verbose) !== 0 : verbose;
      branches.push(this.#sequence(isVerbose, outermost && branches.length === 0));
    } while (this.#source.accept('|'));
    return joinBranches(branches);
  }

  #sequence(givenVerbose: boolean, first = false): Sequence {
    const sequence: Sequence = [];
    let verbose = givenVerbose;
    for (;;) {
      const token = this.#source.next;
      if (token === undefined || token === '|' || token === ')') break;
      this.#source.take();
      if (verbose && this.#skipped(token)) continue;
      if (token === '*' || token === '+' || token === '?' || token === '{') {
        this.#repeat(sequence, token);
      } else if (token === '(') {
        const node = this.#group(verbose, first && sequence.length === 0);
        if (node === 'flags') verbose = (this.#flags & Flag.verbose) !== 0;
        else if (node !== 'comment') sequence.push(node);
      } else {
        sequence.push(this.#single(token));
      }
    }
    return sequence.flatMap((node) => (isPlainGroup(node) ? node.body : [node]));
  }

  /** White space and comments under VERBOSE. */
  #skipped(token: string): boolean {
    if (token === '#') {
      for (let at = this.#source.take(); at !== undefined && at !== '\n'; at = this.#source.take());
      return true;
    }
    return /^[ \t\n\r\v\f]$/.test(token);
  }

  #single(token: string): Node {
    if (token === '.') return { type: 'any' };
    if (token === '^') return { type: 'at', place: 'start' };
    if (token === '$') return { type: 'at', place: 'end' };
    if (token === '[') return parseSet(this.#source);
    if (!token.startsWith('\\')) return { type: 'character', code: token.codePointAt(0)!, negated: false };
    return escapeNode(this.#source, token) ?? this.#numbered(token);
  }

  #numbered(token: string): Node {
    const read = numberEscape(this.#source, token);
    if ('code' in read) return { type: 'character', code: read.code, negated: false };
    const { group, escape } = read;
    if (group >= this.#groups.size) {
      throw this.#source.error(`invalid group reference ${group}`, escape.length - 1);
    }
    return { type: 'reference', group, width: this.#groups.referredWidth(group, escape.length) };
  }

  #repeat(sequence: Sequence, token: string): void {
    const source = this.#source;
    const start = source.position;
    const bounds = token === '{' ? this.#braces(start) : COUNTS[token]!;
    if (bounds === undefined) {
      sequence.push({ type: 'character', code: 0x7b, negated: false });
      return;
    }
    const item = sequence.at(-1);
    const back = source.position - start + 1;
    if (item === undefined || item.type === 'at') throw source.error('nothing to repeat', back);
    if (item.type === 'repeat') throw source.error('multiple repeat', back);
    let mode: RepeatMode = 'greedy';
    if (source.accept('?')) mode = 'lazy';
    else if (source.accept('+')) mode = 'possessive';
    const [min, max] = bounds;
    const body = isPlainGroup(item) ? item.body : [item];
    sequence[sequence.length - 1] = { type: 'repeat', mode, min, max, body };
  }

  /** `{2}`, `{2,}`, `{,3}`, `{2,3}` and even `{,}` count; any other opening brace is a plain character. */
  #braces(start: number): readonly [min: number, max: number] | undefined {
    const source = this.#source;
    if (source.next === '}') return undefined;
    const low = source.takeWhile(Infinity, /^[0-9]$/);
    const high = source.accept(',') ? source.takeWhile(Infinity, /^[0-9]$/) : low;
    if (!source.accept('}')) {
      source.seek(start);
      return undefined;
    }
    const min = low === '' ? 0 : Number(low);
    const max = high === '' ? UNLIMITED : Number(high);
    if (min >= UNLIMITED || (high !== '' && max >= UNLIMITED)) {
      throw source.error('the repetition number is too large', source.position - start);
    }
    if (max < min) throw source.error('min repeat greater than max repeat', source.position - start);
    return [min, max];
  }

  #group(verbose: boolean, mayHoldFlags: boolean): Node | 'flags' | 'comment' {
    const source = this.#source;
    const start = source.position - 1;
    if (!source.accept('?')) return this.#capture(start, verbose, undefined);
    const kind = this.#takeOrEnd();
    switch (kind) {
      case 'P':
        return this.#pythonExtension(start, verbose);
      case ':':
        return this.#scoped(start, verbose, 0, 0);
      case '#':
        return this.#comment(start);
      case '=':
      case '!':
        return this.#look(start, verbose, kind, false);
      case '<':
        return this.#lookBehind(start, verbose);
      case '(':
        return this.#conditional(start, verbose);
      case '>':
        return { type: 'atomic', body: this.#body(start, verbose) };
    }
    if (!isFlag(kind) && kind !== '-') throw source.error(`unknown extension ?${kind}`, length(kind) + 1);
    const { add, remove, global } = parseFlags(source, kind);
    if (!global) return this.#scoped(start, verbose, add, remove);
    this.#flags |= add;
    if (mayHoldFlags) return 'flags';
    throw source.error('global flags not at the start of the expression', source.position - start);
  }

  #takeOrEnd(): string {
    const token = this.#source.take();
    if (token === undefined) throw this.#source.error('unexpected end of pattern');
    return token;
  }

  /** What stands between brackets, up to and with the closing one. */
  #body(start: number, verbose: boolean, alone = false): Sequence {
    if (this.#nesting >= MAX_NESTING) {
      throw this.#source.errorAt(
        `more than ${MAX_NESTING} groups inside each other are not supported`,
        start,
        true,
      );
    }
    this.#nesting += 1;
    const body = alone ? this.#sequence(verbose) : this.#alternatives(verbose);
    this.#nesting -= 1;
    if (!alone) this.#close(start);
    return body;
  }

  #close(start: number): void {
    if (this.#source.accept(')')) return;
    throw this.#source.error('missing ), unterminated subpattern', this.#source.position - start);
  }

  #capture(start: number, verbose: boolean, name: string | undefined): Node {
    const group = this.#groups.open(name);
    const body = this.#body(start, verbose);
    this.#groups.close(group, body);
    return { type: 'group', group, add: 0, remove: 0, body };
  }

  #scoped(start: number, verbose: boolean, add: number, remove: number): Node {
    const isVerbose = (verbose || (add & Flag.verbose) !== 0) && (remove & Flag.verbose) === 0;
    return { type: 'group', group: undefined, add, remove, body: this.#body(start, isVerbose) };
  }

  #comment(start: number): 'comment' {
    const source = this.#source;
    for (;;) {
      if (source.next === undefined) {
        throw source.error('missing ), unterminated comment', source.position - start);
      }
      if (source.take() === ')') return 'comment';
    }
  }

  /** `(?P<name>…)` and `(?P=name)` */
  #pythonExtension(start: number, verbose: boolean): Node {
    const source = this.#source;
    if (source.accept('<')) return this.#capture(start, verbose, source.takeName('>'));
    if (source.accept('=')) {
      const name = source.takeName(')');
      const group = this.#groups.byName(name);
      return { type: 'reference', group, width: this.#groups.referredWidth(group, length(name) + 1) };
    }
    const token = this.#takeOrEnd();
    throw source.error(`unknown extension ?P${token}`, length(token) + 2);
  }

  #lookBehind(start: number, verbose: boolean): Node {
    const kind = this.#takeOrEnd();
    if (kind !== '=' && kind !== '!') {
      throw this.#source.error(`unknown extension ?<${kind}`, length(kind) + 2);
    }
    const before = this.#groups.lookBehindFrom;
    this.#groups.lookBehindFrom ??= this.#groups.size;
    const node = this.#look(start, verbose, kind, true);
    this.#groups.lookBehindFrom = before;
    return node;
  }

  #look(start: number, verbose: boolean, kind: '=' | '!', behind: boolean): Node {
    const body = this.#body(start, verbose);
    if (kind === '!' && body.length === 0) return { type: 'fail' };
    return { type: 'look', behind, negated: kind === '!', body };
  }

  /** `(?(1)yes|no)`, `(?(name)yes|no)` */
  #conditional(start: number, verbose: boolean): Node {
    const group = this.#conditionGroup();
    this.#groups.checkLookBehind(group);
    const yes = this.#body(start, verbose, true);
    const no = this.#source.accept('|') ? this.#body(start, verbose, true) : undefined;
    if (no !== undefined && this.#source.next === '|') {
      throw this.#source.error('conditional backref with more than two branches');
    }
    this.#close(start);
    return { type: 'conditional', group, yes, no };
  }

  #conditionGroup(): number {
    const source = this.#source;
    const name = source.takeUntil(')', 'group name');
    if (!/^[0-9]+$/.test(name)) {
      source.checkName(name);
      return this.#groups.byName(name);
    }
    const group = Number(name);
    if (group === 0) throw source.error('bad group number', length(name) + 1);
    if (group >= MAX_GROUPS) throw source.error(`invalid group reference ${group}`, length(name) + 1);
    this.#groups.noteConditional(group, source.position - name.length - 1);
    return group;
  }
}

/** As `_sre.MAXGROUPS`. */
const MAX_GROUPS = 1073741823;

const COUNTS: Readonly<Record<string, readonly [min: number, max: number]>> = {
  '?': [0, 1],
  '*': [0, UNLIMITED],
  '+': [1, UNLIMITED],
};

/** `(?:…)` without flags: its parts stand for themselves. */
function isPlainGroup(node: Node): node is Node & { type: 'group' } {
  return node.type === 'group' && node.group === undefined && node.add === 0 && node.remove === 0;
}
