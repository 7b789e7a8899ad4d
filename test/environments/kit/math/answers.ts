/** Random answers as models and datasets write them, in pairs that are often equal. */

export interface Pair {
  readonly expected: string;
  readonly reply: string;
}

const raw = String.raw;

const WORDS = ['yes', 'No', 'east', 'DNE', 'none', 'Alice', 'no solution', 'undefined', 'A', 'B', 'true'];
const UNITS = [
  ' cm',
  raw`\text{ cm}`,
  raw`\text{ m}^2`,
  ' apples',
  raw`^\circ`,
  raw`\%`,
  '%',
  ' percent',
  raw`\text{ hours}`,
  ' minutes',
  ' dollars',
  raw`\mathrm{ kg}`,
  raw`\,\text{km/h}`,
];
const VARIABLES = [
  'x',
  'y',
  'n',
  'a',
  'b',
  't',
  'k',
  'd',
  'e',
  'f',
  'i',
  'S',
  'E',
  raw`\alpha`,
  raw`\theta`,
  'x_1',
  'x_{12}',
  'a_n',
];
const FUNCTIONS = [
  raw`\sin`,
  raw`\cos`,
  raw`\tan`,
  raw`\ln`,
  raw`\log`,
  raw`\log_2`,
  raw`\exp`,
  raw`\arctan`,
  raw`\sin^2`,
];
const RELATIONS = ['=', '<', '>', raw`\le`, raw`\geq`, raw`\neq`, raw`\approx`, raw`\in`, raw`\leq`];
const GARBAGE = [
  '??',
  raw`\foo`,
  '&',
  '}',
  '{',
  '$',
  '12:30',
  '1e6',
  '42.',
  '٤٢',
  '∞',
  '√2',
  '½',
  '#',
  raw`\\`,
  '=',
  '...',
  raw`\ldots`,
  '3/',
  '(',
  ')',
  'x^',
  '"5"',
  '1.2.3',
  '[0,1',
];

export class Answers {
  constructor(private readonly random: () => number) {}

  pair(): Pair {
    const gold = this.answer();
    const other = this.chance(0.35)
      ? this.variant(gold)
      : this.chance(0.4)
        ? this.mutated(gold)
        : this.answer();
    return { expected: this.chance(0.15) ? `$${gold}$` : gold, reply: this.reply(other) };
  }

  private reply(answer: string): string {
    return this.pick([
      () => raw`So the answer is \boxed{${answer}}.`,
      () => raw`\boxed{${answer}}`,
      () => raw`Thus $\boxed{${answer}}$`,
      () => raw`We get $x^2$ and \boxed{${this.number()}}, then \boxed{${answer}}.`,
      () => raw`The final answer is $${answer}$. I hope it is correct. \boxed{${this.number()}}`,
      () => raw`\[ \boxed{${answer}} \]`,
      () => raw`The answer is ${answer}`,
      () => raw`Answer: $${answer}$`,
    ])();
  }

  answer(): string {
    return this.pick([
      () => this.number(), () => this.number(), () => this.number(),
      () => this.numeric(2), () => this.numeric(2), () => this.numeric(3),
      () => this.expression(2), () => this.expression(2), () => this.expression(3),
      () => this.collection(), () => this.collection(), () => this.relation(), () => this.relation(),
      () => this.matrix(), () => `${this.number()}${this.pick(UNITS)}`, () => this.text(),
      () => this.pick(GARBAGE) + (this.chance(0.5) ? this.number() : ''),
    ])(); // prettier-ignore
  }

  number(): string {
    const n = (most: number): number => Math.floor(this.random() * most);
    const sign = this.chance(0.2) ? '-' : '';
    return (
      sign +
      this.pick([
        () => String(n(12)), () => String(n(2000)), () => `${n(900) + 1},${100 + n(900)}`, () => `0${n(100)}`,
        () => `${n(100)}.${n(1000)}`, () => `.${n(100)}`, () => `${n(10)}.${n(10)}0`, () => `0.${'3'.repeat(n(12) + 1)}`,
        () => `${n(20)}/${n(12)}`, () => raw`\frac{${n(20)}}{${n(12)}}`, () => raw`\dfrac${n(9)}${n(9) + 1}`,
        () => raw`${n(9)}\frac{${n(5)}}{${n(6) + 1}}`, () => raw`${n(100)}\%`, () => `${n(100)}.5%`,
        () => raw`${n(10)}.${n(100)} \times 10^{${n(8) - 4}}`, () => `${n(9)}.${n(99)}E${n(9)}`, () => `${n(5)}^{${n(6)}}`,
        () => String(10 ** 15 * n(1000)) , () => `${n(6)}!`, () => raw`\binom{${n(8)}}{${n(5)}}`, () => raw`1{,}${100 + n(900)}`,
      ])() // prettier-ignore
    );
  }

  /** An expression without names. */
  private numeric(depth: number): string {
    if (depth === 0)
      return this.pick([
        () => this.number(),
        () => raw`\pi`,
        () => 'e',
        () => String(1 + Math.floor(this.random() * 20)),
      ])();
    const inner = (): string => this.numeric(depth - 1);
    return this.pick([
      () => raw`\sqrt{${inner()}}`, () => raw`${Math.floor(this.random() * 9)}\sqrt{${Math.floor(this.random() * 30)}}`,
      () => raw`\frac{${inner()}}{${inner()}}`, () => `${inner()}+${inner()}`, () => `${inner()} - ${inner()}`,
      () => raw`${inner()} \cdot ${inner()}`, () => raw`${inner()}\pi`, () => `(${inner()})^${Math.floor(this.random() * 4)}`,
      () => raw`e^{${Math.floor(this.random() * 5) - 2}}`, () => raw`\sqrt[3]{${inner()}}`, () => raw`|${inner()}|`,
      () => raw`${this.pick(FUNCTIONS)}(${inner()})`, () => `2^{${inner()}}`, () => `-${inner()}`, () => `(${inner()})(${inner()})`,
      () => raw`\log_{${2 + Math.floor(this.random() * 4)}} ${2 ** Math.floor(this.random() * 6)}`, () => `${inner()}/${inner()}`,
    ])(); // prettier-ignore
  }

  private expression(depth: number): string {
    if (depth === 0)
      return this.pick([
        () => this.number(),
        () => this.pick(VARIABLES),
        () => this.pick(['x', 'y', 'n', 'a']),
      ])();
    const inner = (): string => this.expression(depth - 1);
    return this.pick([
      () => `${inner()}+${inner()}`, () => `${inner()} - ${inner()}`, () => `${inner()}${inner()}`, () => raw`${inner()} \cdot ${inner()}`,
      () => raw`\frac{${inner()}}{${inner()}}`, () => `${inner()}^2`, () => `(${inner()})^{${this.number()}}`, () => raw`\sqrt{${inner()}}`,
      () => `x^2+${Math.floor(this.random() * 5)}x+${inner()}`, () => `(${inner()})(${inner()})`, () => `${inner()}/${inner()}`,
      () => `-${inner()}`, () => raw`${this.pick(FUNCTIONS)} ${inner()}`, () => raw`${this.pick(FUNCTIONS)}(${inner()})`, () => `2^{${inner()}}`,
      () => raw`e^{${inner()}}`, () => `f(${inner()})`, () => raw`\left(${inner()}\right)`, () => `${inner()}(${inner()})`,
    ])(); // prettier-ignore
  }

  private collection(): string {
    const item = (): string =>
      this.pick([
        () => this.number(),
        () => this.numeric(1),
        () => this.expression(1),
        () => raw`\infty`,
        () => raw`-\infty`,
      ])();
    const items = (count: number): string => Array.from({ length: count }, item).join(this.pick([',', ', ']));
    const count = 1 + Math.floor(this.random() * 4);
    return this.pick([
      () => items(count), () => `(${items(2)})`, () => `(${items(count)})`, () => raw`\{${items(count)}\}`, () => `[${items(2)}]`,
      () => `[${items(2)})`, () => raw`\left(${items(2)}\right]`, () => raw`\pm ${item()}`, () => raw`${item()} \pm ${item()}`,
      () => raw`(-\infty,${item()})\cup(${item()},\infty)`, () => raw`${item()} \text{ and } ${item()}`, () => `${item()} or ${item()}`,
      () => `(${items(2)}),(${items(2)})`, () => raw`\mathbb{${this.pick(['R', 'Z', 'N'])}}`, () => raw`\emptyset`, () => `${items(2)}; ${items(2)}`,
    ])(); // prettier-ignore
  }

  private relation(): string {
    const side = (): string =>
      this.pick([() => this.number(), () => this.expression(1), () => 'x', () => 'y'])();
    return this.pick([
      () => `x=${side()}`, () => `x=${this.number()}, y=${this.number()}`, () => `${side()}${this.pick(RELATIONS)} ${side()}`,
      () => `x${this.pick(RELATIONS)} ${this.number()}`, () => `${this.number()}<x<${this.number()}`, () => raw`x\in${this.collection()}`,
      () => `f(x)=${this.expression(1)}`, () => `x = ${this.number()}, x = ${this.number()}`, () => `${this.number()} > x`,
      () => raw`${this.number()} \le x \le ${this.number()}`, () => `x=${side()}=${side()}`,
    ])(); // prettier-ignore
  }

  private matrix(): string {
    const cell = (): string => (this.chance(0.7) ? String(Math.floor(this.random() * 9)) : this.numeric(1));
    const rows = Array.from({ length: 1 + Math.floor(this.random() * 2) }, () => `${cell()} & ${cell()}`);
    const kind = this.pick(['pmatrix', 'bmatrix', 'matrix', 'vmatrix']);
    return raw`\begin{${kind}} ${rows.join(raw` \\ `)} \end{${kind}}`;
  }

  private text(): string {
    const word = this.pick(WORDS);
    return this.pick([
      () => word,
      () => raw`\text{${word}}`,
      () => raw`\textbf{${word}}`,
      () => raw`\text{(${word})}`,
      () => raw`\mathrm{${word}}`,
    ])();
  }

  /** The same answer, most times, in other words. */
  private variant(answer: string): string {
    return this.pick([
      () => answer, () => ` ${answer} `, () => raw`\left(${answer}\right)`, () => answer.replaceAll(raw`\frac`, raw`\dfrac`),
      () => answer.replaceAll(' ', ''), () => `x=${answer}`, () => `${answer}${this.pick(UNITS)}`, () => `{${answer}}`,
      () => answer.replace(/^([^+]*)\+([^+]*)$/, '$2+$1'), () => answer.replace(/^\{?([^,]*),([^,]*)\}?$/, '$2,$1'),
      () => raw`\{${answer}\}`, () => `1 \\cdot ${answer}`, () => `${answer}+0`, () => `-(-${answer})`,
      () => answer.replace(/^(\d+)\/(\d+)$/, (_, a: string, b: string) => String(Number(a) / Number(b))),
      () => answer.replace(/^\\frac\{(\d+)\}\{(\d+)\}$/, (_, a: string, b: string) => (Number(a) / Number(b)).toFixed(6)),
      () => answer.replace(/^(.*)<(.*)$/, '$2>$1'), () => answer.replace(/^(.*)=(.*)$/, '$2=$1'), () => answer.replace(/^x=/, ''),
      () => answer.toUpperCase(), () => answer.toLowerCase(), () => `$${answer}$`,
    ])(); // prettier-ignore
  }

  /** One character more, less or other. */
  private mutated(answer: string): string {
    const characters = Array.from(answer);
    const at = Math.floor(this.random() * (characters.length + 1));
    const added = this.pick(['', '1', 'x', '-', ' ', ',', '.', '(', ')', '2', '^', '+', 'd', 'e', '\\']);
    characters.splice(at, this.chance(0.5) ? 1 : 0, added);
    return characters.join('');
  }

  private chance(part: number): boolean {
    return this.random() < part;
  }

  private pick<Value>(values: readonly Value[]): Value {
    return values[Math.floor(this.random() * values.length)]!;
  }
}
