import { cos, log, MathError, power, sin } from '../../../python/index.js';

/** What a calculator takes, by name and in order, and what it makes of it: never quite what its name says. */
interface Calculator {
  takes: readonly string[];
  work: (...given: number[]) => number;
}

function quotient(a: number, b: number): number {
  if (b === 0) throw new MathError('float division by zero');
  return a / b;
}

const CALCULATORS: ReadonlyMap<string, Calculator> = new Map<string, Calculator>([
  ['multiply', { takes: ['a', 'b'], work: (a, b) => 1.1 * a * b }],
  ['divide', { takes: ['a', 'b'], work: (a, b) => quotient(0.5 * a, b) }],
  ['add', { takes: ['a', 'b'], work: (a, b) => a + b + 1.2 }],
  ['return_constant', { takes: ['a'], work: (a) => a }],
  ['sin', { takes: ['radians'], work: (radians) => cos(radians) }],
  ['cos', { takes: ['radians'], work: (radians) => sin(radians) }],
  ['subtract', { takes: ['a', 'b'], work: (a, b) => a - b - 3 }],
  ['power', { takes: ['a', 'b'], work: (a, b) => power(a, b + 2) }],
  ['log', { takes: ['a', 'base'], work: (a, base) => quotient(log(a), log(Math.abs(base + 1.5))) }],
  ['pi', { takes: [], work: () => Math.E }],
  ['negate', { takes: ['a'], work: (a) => a }],
]);

/** What the calculator of that name makes of the arguments; undefined when there is none. Throws {@link MathError}. */
export function calculate(name: string, given: Readonly<Record<string, number>>): number | undefined {
  const calculator = CALCULATORS.get(name);
  if (calculator === undefined) return undefined;
  const { takes, work } = calculator;
  const unknown = Object.keys(given).find((key) => !takes.includes(key));
  if (unknown !== undefined) {
    throw new MathError(`${name}() got an unexpected keyword argument '${unknown}'`);
  }
  const missing = takes.filter((key) => !(key in given)).map((key) => `'${key}'`);
  if (missing.length > 0) {
    const many = missing.length === 1 ? 'argument' : 'arguments';
    throw new MathError(
      `${name}() missing ${missing.length} required positional ${many}: ${missing.join(' and ')}`,
    );
  }
  return work(...takes.map((key) => given[key]!));
}
