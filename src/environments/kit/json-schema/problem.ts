import { pformat, pythonRepr, pythonEqual, plainJson, JsonNumber } from '../../../python/index.js';
import type { Lossless } from '../../../python/index.js';
import { isType } from './types.js';

export type Schema = boolean | ReadonlyMap<string, Lossless>;
type Step = string | number;

/** Where an instance does not fit, as `jsonschema`'s ValidationError: set from the inside out. */
export class Problem {
  keyword: string | null | undefined = undefined;
  schema: Schema | undefined = undefined;
  instance: Lossless | undefined = undefined;
  readonly path: Step[] = [];
  readonly schemaPath: Step[] = [];

  constructor(
    readonly message: string,
    readonly context: readonly Problem[] = [],
  ) {}

  /** `str(error)` */
  toString(): string {
    const schema =
      this.schema === undefined || typeof this.schema === 'boolean'
        ? (this.schema ?? null)
        : new Map(this.schema);
    const keyword = this.keyword === null || this.keyword === undefined ? 'None' : pythonRepr(this.keyword);
    return [
      this.message,
      '',
      `Failed validating ${keyword} in ${indexed('schema', this.schemaPath.slice(0, -1))}:`,
      indented(pformat(schema, 72)),
      '',
      `On ${indexed('instance', this.path)}:`,
      indented(pformat(this.instance ?? null, 72)),
    ].join('\n');
  }

  /** The instance has the type that its schema names. */
  matchesType(): boolean {
    if (!(this.schema instanceof Map)) return false;
    const type = this.schema.get('type') as Lossless | undefined;
    const types = Array.isArray(type) ? type : type === undefined ? [] : [type];
    return types.some((one) => typeof one === 'string' && isType(this.instance ?? null, one));
  }
}

const indented = (text: string): string => text.replace(/^(?=.*\S)/gm, '    ');

const indexed = (name: string, steps: readonly Step[]): string =>
  name + steps.map((step) => `[${typeof step === 'number' ? step : pythonRepr(step)}]`).join('');

const WEAK = ['anyOf', 'oneOf'];

/** Negative, 0 or positive, as one is less, equally or more relevant: nearer the root first. */
function compare(one: Problem, two: Problem): number {
  if (one.path.length !== two.path.length) return two.path.length - one.path.length;
  for (const [index, step] of one.path.entries()) {
    const other = two.path[index]!;
    if (step !== other) return step < other ? -1 : 1;
  }
  const flags = (problem: Problem): number =>
    (WEAK.includes(problem.keyword ?? '') ? 0 : 2) + (problem.matchesType() ? 0 : 1);
  return flags(one) - flags(two);
}

/** The problem that tells most: of alternatives the deepest, unless two are alike. */
export function bestMatch(problems: readonly Problem[]): Problem | undefined {
  let best = problems[0];
  for (const problem of problems) if (compare(problem, best!) > 0) best = problem;
  while (best !== undefined && best.context.length > 0) {
    const [first, second] = [...best.context].sort(compare);
    if (second !== undefined && compare(first!, second) === 0) return best;
    best = first;
  }
  return best;
}

/** Equality of JSON Schema: a boolean is no number. */
export function equal(one: Lossless, two: Lossless): boolean {
  if (typeof one === 'boolean' || typeof two === 'boolean') return one === two;
  if (Array.isArray(one) && Array.isArray(two)) {
    return one.length === two.length && one.every((item, index) => equal(item, two[index]!));
  }
  if (one instanceof Map && two instanceof Map) {
    return (
      one.size === two.size && [...one].every(([key, value]) => two.has(key) && equal(value, two.get(key)!))
    );
  }
  if (one instanceof JsonNumber && two instanceof JsonNumber && !one.isFloat && !two.isFloat)
    return one.text === two.text;
  return pythonEqual(plainJson(one), plainJson(two));
}
