/** Objects whose `model` is the reply's: itself, an Anthropic `message`, a Responses `response`. */
const HOLDERS: ReadonlySet<string> = new Set(['message', 'response']);

/**
 * Puts another name in the place of the model's in a JSON reply, where the reply says that `served` made it. Everything
 * else stays as it was written: numbers keep their form. A text that is no JSON object stays whole.
 */
export function renameModel(text: string, served: string, name: string): string {
  if (!text.includes(KEY)) return text;
  const place = onlyModel(text);
  if (place !== null) {
    const [from, to] = place;
    return parsed(text.slice(from, to)) === served
      ? text.slice(0, from) + JSON.stringify(name) + text.slice(to)
      : text;
  }
  const scan = new Scan(text, JSON.stringify(name), served);
  return scan.run();
}

const KEY = '"model"';
const VALUE = /\s*:\s*("[^"\\]*(?:\\.[^"\\]*)*")/sy;

/** Nothing was opened before it but the whole: what nearly every reply and event looks like. */
function isAtTop(text: string, at: number): boolean {
  const open = text.indexOf('{');
  if (open === -1 || open > at || text.slice(0, open).trim() !== '') return false;
  for (let index = open + 1; index < at; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 0x7b || code === 0x5b) return false;
  }
  return true;
}

/**
 * The text of a JSON object with another name of the model at its top; null where that takes more than a look: it has
 * none yet, or the word stands elsewhere too.
 */
export function withModel(text: string, name: string): string | null {
  const place = onlyModel(text);
  return place === null ? null : text.slice(0, place[0]) + JSON.stringify(name) + text.slice(place[1]);
}

/** Where the one text under `model` stands, at the top of an object; null where it is not found at a glance. */
function onlyModel(text: string): readonly [number, number] | null {
  const at = text.indexOf(KEY);
  if (at === -1 || text.includes(KEY, at + KEY.length) || !isAtTop(text, at)) return null;
  VALUE.lastIndex = at + KEY.length;
  const match = VALUE.exec(text);
  return match === null ? null : [VALUE.lastIndex - match[1]!.length, VALUE.lastIndex];
}

class Scan {
  private out = '';
  private from = 0;
  /** The keys that lead to where we are; null inside of a list. */
  private readonly path: (string | null)[] = [];
  private key: string | null = null;

  constructor(
    private readonly text: string,
    private readonly name: string,
    private readonly served: string,
  ) {}

  run(): string {
    const tokens = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/gs;
    let expectsKey = false;
    for (let match = tokens.exec(this.text); match !== null; match = tokens.exec(this.text)) {
      const [token] = match;
      if (token === '{' || token === '[') {
        this.path.push(token === '{' ? (this.key ?? '') : null);
        expectsKey = token === '{';
        this.key = null;
      } else if (token === '}' || token === ']') {
        this.path.pop();
        expectsKey = false;
        this.key = null;
      } else if (token === ',') {
        expectsKey = this.path.at(-1) !== null;
        this.key = null;
      } else if (token === ':') expectsKey = false;
      else if (expectsKey) this.key = parsed(token);
      else this.value(token, match.index);
    }
    return this.out + this.text.slice(this.from);
  }

  private value(token: string, at: number): void {
    if (this.key !== 'model' || !this.holds() || parsed(token) !== this.served) return;
    this.out += this.text.slice(this.from, at) + this.name;
    this.from = at + token.length;
  }

  private holds(): boolean {
    if (this.path.length === 1) return this.path[0] === '';
    return this.path.length === 2 && HOLDERS.has(this.path[1] ?? '');
  }
}

function parsed(token: string): string {
  try {
    return JSON.parse(token) as string;
  } catch {
    return '';
  }
}
