/** A number or boolean of a row. `kind` says how JSON wrote it; a boolean counts as the integer 0 or 1. */
export interface NumericCell {
  name: string;
  value: number;
  kind: 'int' | 'float';
  /** The digits of an integer beyond 2^53, which `value` only approximates. */
  exact?: string;
}

/** What metrics read of one stored row; everything else is skipped without being parsed. */
export interface ScannedRow {
  /** `_ng_task_index`, 0 when absent. */
  task: number;
  /** `_ng_rollout_index`, 0 when absent. */
  rollout: number;
  /** `agent_ref.name`, an empty string when absent. */
  agent: string;
  /** JSON text of `reward`, whatever it is; null when absent. See `storedReward`. */
  reward: string | null;
  /** `mask_sample`: the environment says that the reward is no measurement. */
  masked: boolean;
  /** Top-level numbers and booleans in the row's order; keys with a leading `_` and those about the reward are none. */
  numbers: NumericCell[];
  /** Top-level numbers of `response.usage` in their order. */
  usage: NumericCell[];
  /** JSON text of each wanted top-level field that is there. */
  captured: Map<string, string>;
  /** The row itself, when it is needed whole. */
  text?: string;
}

const QUOTE = 34;
const BACKSLASH = 92;

class Scanner {
  at = 0;

  constructor(readonly text: string) {}

  fail(what: string): never {
    throw new SyntaxError(`${what} at character ${this.at + 1}`);
  }

  space(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 32 && code !== 9 && code !== 10 && code !== 13) return;
      this.at++;
    }
  }

  expect(char: string): void {
    this.space();
    if (this.text[this.at] !== char) this.fail(`expected "${char}"`);
    this.at++;
  }

  /** Moves past a string and returns its raw text with the quotes. */
  string(): string {
    const start = this.at;
    if (this.text.charCodeAt(start) !== QUOTE) this.fail('expected a string');
    for (let end = this.text.indexOf('"', start + 1); end !== -1; end = this.text.indexOf('"', end + 1)) {
      let back = end - 1;
      while (this.text.charCodeAt(back) === BACKSLASH) back--;
      if ((end - back) % 2 === 1) {
        this.at = end + 1;
        return this.text.slice(start, this.at);
      }
    }
    return this.fail('string without an end');
  }

  key(): string {
    this.space();
    const raw = this.string();
    this.expect(':');
    this.space();
    return raw.includes('\\') ? (JSON.parse(raw) as string) : raw.slice(1, -1);
  }

  /** Moves past any value and returns its raw text. */
  value(): string {
    const start = this.at;
    const first = this.text[start];
    if (first === '"') return this.string();
    if (first === '{' || first === '[') {
      this.container();
    } else {
      while (this.at < this.text.length && !',]} \t\r\n'.includes(this.text[this.at]!)) this.at++;
      if (this.at === start) this.fail('expected a value');
    }
    return this.text.slice(start, this.at);
  }

  private container(): void {
    const { text } = this;
    let depth = 0;
    do {
      const code = text.charCodeAt(this.at);
      if (code === QUOTE) {
        this.string();
        continue;
      }
      // `|` 32 maps [ to { and ] to }: both pairs are counted together.
      const bracket = code | 32;
      if (bracket === 123) depth++;
      else if (bracket === 125) depth--;
      else if (Number.isNaN(code)) this.fail('object or array without an end');
      this.at++;
    } while (depth > 0);
  }

  /** Calls `field` for each key of the object here; `field` must move past the value. */
  object(field: (key: string) => void): void {
    this.expect('{');
    this.space();
    if (this.text[this.at] === '}') {
      this.at++;
      return;
    }
    for (;;) {
      field(this.key());
      this.space();
      const next = this.text[this.at];
      if (next === '}') {
        this.at++;
        return;
      }
      this.expect(',');
    }
  }
}

const NUMBER = /^-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** The cell for a raw value, or null when it is not a number or boolean. */
function cell(name: string, raw: string): NumericCell | null {
  if (raw === 'true' || raw === 'false') return { name, value: raw === 'true' ? 1 : 0, kind: 'int' };
  const match = NUMBER.exec(raw);
  if (match === null) return null;
  const value = Number(raw);
  if (match[1] !== undefined || match[2] !== undefined) return { name, value, kind: 'float' };
  return Number.isSafeInteger(value)
    ? { name, value, kind: 'int' }
    : { name, value, kind: 'int', exact: raw };
}

function put(cells: NumericCell[], name: string, raw: string): void {
  const made = cell(name, raw);
  if (made !== null) cells.push(made);
}

function wholeNumber(key: string, raw: string): number {
  const value = Number(raw);
  if (!Number.isSafeInteger(value) || raw === 'null') throw new SyntaxError(`${key} is not a whole number`);
  return value;
}

function agentName(raw: string): string {
  const ref: unknown = JSON.parse(raw);
  if (typeof ref !== 'object' || ref === null || !('name' in ref)) return '';
  return typeof ref.name === 'string' ? ref.name : '';
}

/** Keys of a verdict that say whether and why its reward counts; they are never metrics, whatever they hold. */
const ABOUT_REWARD = new Set(['failure_kind', 'failure_reason']);

/** Whether Python counts the JSON text of a value as false. */
export function isFalsy(raw: string | undefined): boolean {
  return raw === undefined || /^(?:null|false|""|\[\s*\]|\{\s*\}|-?0+(?:\.0+)?(?:[eE][+-]?\d+)?)$/.test(raw);
}

/**
 * Reads what metrics need from the text of one stored row, many times faster than parsing it whole and without
 * losing whether a number was written as an integer or a float.
 * @param wanted top-level fields whose JSON text is wanted besides.
 * @throws SyntaxError when the line is not one whole JSON object (a torn line, for example).
 */
export function scanRow(line: string, wanted?: ReadonlySet<string>): ScannedRow {
  const scanner = new Scanner(line);
  const row: ScannedRow = {
    task: 0,
    rollout: 0,
    agent: '',
    reward: null,
    masked: false,
    numbers: [],
    usage: [],
    captured: new Map(),
    text: line,
  };
  const response = (key: string): void => {
    if (key !== 'usage' || scanner.text[scanner.at] !== '{') {
      scanner.value();
      return;
    }
    scanner.object((name) => {
      put(row.usage, name, scanner.value());
    });
  };
  scanner.object((key) => {
    const start = scanner.at;
    if (key === 'response' && line[start] === '{') scanner.object(response);
    else {
      const raw = scanner.value();
      if (key === '_ng_task_index') row.task = wholeNumber(key, raw);
      else if (key === '_ng_rollout_index') row.rollout = wholeNumber(key, raw);
      else if (key === 'agent_ref') row.agent = agentName(raw);
      else if (key === 'mask_sample') row.masked = !isFalsy(raw);
      else if (!key.startsWith('_') && !ABOUT_REWARD.has(key) && !'"{['.includes(raw[0]!))
        put(row.numbers, key, raw);
      if (key === 'reward') row.reward = raw;
    }
    if (wanted?.has(key) === true) row.captured.set(key, line.slice(start, scanner.at));
  });
  scanner.space();
  if (scanner.at !== line.length) scanner.fail('text after the end of the row');
  return row;
}

/**
 * The items of the array under a top-level key, each as its text, so that `1.0` stays a float; null when there is no
 * array. `text` is an object that `JSON.parse` has accepted.
 */
export function itemTexts(text: string, key: string): string[] | null {
  const scanner = new Scanner(text);
  let items: string[] | null = null;
  scanner.object((name) => {
    const start = scanner.at;
    const raw = scanner.value();
    if (name === key) items = raw.startsWith('[') ? arrayItems(text, start) : null;
  });
  return items;
}

function arrayItems(text: string, start: number): string[] {
  const scanner = new Scanner(text);
  scanner.at = start + 1;
  scanner.space();
  const items: string[] = [];
  while (text[scanner.at] !== ']') {
    items.push(scanner.value());
    scanner.space();
    if (text[scanner.at] === ',') scanner.at++;
    scanner.space();
  }
  return items;
}

/** The top-level fields of a JSON object, each as its text. */
export function fieldTexts(text: string): Map<string, string> {
  const scanner = new Scanner(text);
  const fields = new Map<string, string>();
  scanner.object((key) => void fields.set(key, scanner.value()));
  return fields;
}

/** The items of a JSON array, each as its text. */
export function elementTexts(text: string): string[] {
  return arrayItems(text, text.indexOf('['));
}

/** The text of a JSON object without some of its top-level keys; the values keep their text. */
export function withoutKeys(text: string, dropped: ReadonlySet<string>): string {
  const scanner = new Scanner(text);
  const kept: string[] = [];
  scanner.object((key) => {
    const value = scanner.value();
    if (!dropped.has(key)) kept.push(`${JSON.stringify(key)}:${value}`);
  });
  return `{${kept.join(',')}}`;
}
