import { characters, compilePattern, JsonNumber, pythonRepr, pythonStr } from '../../../python/index.js';
import type { Lossless } from '../../../python/index.js';
import { bestMatch, equal, Problem } from './problem.js';
import type { Schema } from './problem.js';
import { isType } from './types.js';

type Instance = Lossless;
type Keyword = (
  value: Lossless,
  instance: Instance,
  schema: ReadonlyMap<string, Lossless>,
  root: Schema,
) => Problem[];

/** A reference that leads nowhere, in Python's words. */
export class ReferenceError extends Error {}

/** The problem of an instance that tells most; undefined when it fits. The rules are those of Python's `jsonschema`. */
export function validate(instance: Instance, schema: Schema): Problem | undefined {
  return bestMatch(problems(instance, schema, schema));
}

function problems(instance: Instance, schema: Schema, root: Schema): Problem[] {
  if (schema === true) return [];
  if (schema === false) {
    const problem = new Problem(`False schema does not allow ${pythonRepr(instance)}`);
    return [Object.assign(problem, { keyword: null, schema, instance })];
  }
  return [...schema].flatMap(([name, value]) => {
    const found = KEYWORDS.get(name)?.(value, instance, schema, root) ?? [];
    for (const problem of found) {
      if (problem.keyword === undefined) Object.assign(problem, { keyword: name, schema, instance });
      if (name !== 'if' && name !== '$ref') problem.schemaPath.unshift(name);
    }
    return found;
  });
}

/** Problems of a part, with the way to it. */
function descend(
  instance: Instance,
  schema: Lossless,
  root: Schema,
  steps: { path?: string | number; schemaPath?: string | number } = {},
): Problem[] {
  const found = problems(instance, schema as Schema, root);
  for (const problem of found) {
    if (steps.path !== undefined) problem.path.unshift(steps.path);
    if (steps.schemaPath !== undefined) problem.schemaPath.unshift(steps.schemaPath);
  }
  return found;
}

const fits = (instance: Instance, schema: Lossless, root: Schema): boolean =>
  descend(instance, schema, root).length === 0;
const one = (wrong: boolean, message: () => string): Problem[] => (wrong ? [new Problem(message())] : []);
const list = (value: Lossless | undefined): Lossless[] => (Array.isArray(value) ? value : []);
const map = (value: Lossless | undefined): ReadonlyMap<string, Lossless> =>
  value instanceof Map ? value : new Map();
const amount = (value: Lossless): number => (value as JsonNumber).value;
const repr = pythonRepr;

/** A bound on a number, said as "is `words` N". */
const bound =
  (wrong: (value: number, limit: number) => boolean, words: string): Keyword =>
  (limit, value) =>
    one(
      value instanceof JsonNumber && wrong(value.value, amount(limit)),
      () => `${repr(value)} is ${words} of ${repr(limit)}`,
    );

/** A bound on how much there is of something. */
const size =
  (count: (value: Instance) => number | undefined, least: boolean, few: string, many: string): Keyword =>
  (limit, value) => {
    const found = count(value);
    const wrong = found !== undefined && (least ? found < amount(limit) : found > amount(limit));
    return one(wrong, () => `${repr(value)} ${amount(limit) === (least ? 1 : 0) ? few : many}`);
  };
const itemCount = (value: Instance): number | undefined => (Array.isArray(value) ? value.length : undefined);
const letters = (value: Instance): number | undefined =>
  typeof value === 'string' ? characters(value).length : undefined;
const entries = (value: Instance): number | undefined => (value instanceof Map ? value.size : undefined);

function notMultiple(value: JsonNumber, unit: JsonNumber): boolean {
  if (!unit.isFloat && !value.isFloat) return BigInt(value.text) % BigInt(unit.text) !== 0n;
  return unit.isFloat ? !Number.isInteger(value.value / unit.value) : value.value % unit.value !== 0;
}

function extraKeys(instance: ReadonlyMap<string, Lossless>, schema: ReadonlyMap<string, Lossless>): string[] {
  const known = map(schema.get('properties'));
  const patterns = [...map(schema.get('patternProperties')).keys()].join('|');
  const pattern = patterns === '' ? undefined : compilePattern(patterns);
  return [...instance.keys()].filter((key) => !known.has(key) && pattern?.search(key) === undefined);
}

const additionalProperties: Keyword = (value, instance, schema, root) => {
  if (!(instance instanceof Map)) return [];
  const extras = extraKeys(instance, schema);
  if (value instanceof Map)
    return extras.flatMap((key) => descend(instance.get(key)!, value, root, { path: key }));
  if (value !== false || extras.length === 0) return [];
  const names = [...extras]
    .sort()
    .map((key) => repr(key))
    .join(', ');
  const patterns = map(schema.get('patternProperties'));
  if (schema.has('patternProperties')) {
    const known = [...patterns.keys()]
      .sort()
      .map((key) => repr(key))
      .join(', ');
    return [
      new Problem(`${names} ${extras.length === 1 ? 'does' : 'do'} not match any of the regexes: ${known}`),
    ];
  }
  const verb = extras.length === 1 ? 'was' : 'were';
  return [new Problem(`Additional properties are not allowed (${names} ${verb} unexpected)`)];
};

const items: Keyword = (value, instance, schema, root) => {
  if (!Array.isArray(instance)) return [];
  const prefix = list(schema.get('prefixItems')).length;
  const rest = instance.slice(prefix);
  if (rest.length === 0) return [];
  if (value !== false)
    return rest.flatMap((item, index) => descend(item, value, root, { path: prefix + index }));
  const shown = rest.length === 1 ? rest[0]! : rest;
  return [
    new Problem(
      `Expected at most ${prefix} ${prefix === 1 ? 'item' : 'items'} but found ${rest.length} extra: ${repr(shown)}`,
    ),
  ];
};

const contains: Keyword = (value, instance, schema, root) => {
  if (!Array.isArray(instance)) return [];
  const [least, most] = [schema.get('minContains'), schema.get('maxContains')];
  const found = instance.filter((item) => fits(item, value, root)).length;
  const named = (message: string, keyword: string): Problem[] => [
    Object.assign(new Problem(message), { keyword, schema, instance }),
  ];
  if (most !== undefined && found > amount(most)) {
    return named(
      `Too many items match the given schema (expected at most ${pythonStr(most)})`,
      'maxContains',
    );
  }
  if (found >= (least === undefined ? 1 : amount(least))) return [];
  if (found === 0) return [new Problem(`${repr(instance)} does not contain items matching the given schema`)];
  const words = `(expected at least ${pythonStr(least!)} but only ${found} matched)`;
  return named(`Too few items match the given schema ${words}`, 'minContains');
};

/** Problems of each alternative; null when one fits. */
function alternatives(value: Lossless, instance: Instance, root: Schema): { at: number; context: Problem[] } {
  const context: Problem[] = [];
  for (const [index, schema] of list(value).entries()) {
    const found = descend(instance, schema, root, { schemaPath: index });
    if (found.length === 0) return { at: index, context };
    context.push(...found);
  }
  return { at: -1, context };
}

const none = (instance: Instance, context: Problem[]): Problem[] => [
  new Problem(`${repr(instance)} is not valid under any of the given schemas`, context),
];

const oneOf: Keyword = (value, instance, _schema, root) => {
  const { at, context } = alternatives(value, instance, root);
  if (at === -1) return none(instance, context);
  const more = list(value)
    .slice(at + 1)
    .filter((schema) => fits(instance, schema, root));
  const shown = [...more, list(value)[at]!].map((schema) => repr(schema)).join(', ');
  return one(more.length > 0, () => `${repr(instance)} is valid under each of ${shown}`);
};

const reference: Keyword = (value, instance, _schema, root) => {
  const given = value as string;
  const pointer = given.replace(/^#/, '');
  if (!given.startsWith('#')) throw new ReferenceError(`Unresolvable: ${given}`);
  let target: Lossless | undefined = root as Lossless;
  for (const step of pointer.split('/').slice(1)) {
    const key = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
    target =
      target instanceof Map ? target.get(key) : Array.isArray(target) ? target[Number(key)] : undefined;
    if (target === undefined) {
      throw new ReferenceError(
        `PointerToNowhere: '${pointer}' does not exist within ${repr(root as Lossless)}`,
      );
    }
  }
  return descend(instance, target, root);
};

const unique = (values: readonly Lossless[]): boolean =>
  values.every((value, index) => values.slice(0, index).every((other) => !equal(value, other)));

const KEYWORDS: ReadonlyMap<string, Keyword> = new Map<string, Keyword>([
  ['$ref', reference],
  [
    'type',
    (value, instance) => {
      const types = Array.isArray(value) ? (value as string[]) : [value as string];
      return one(
        !types.some((type) => isType(instance, type)),
        () => `${repr(instance)} is not of type ${types.map((type) => repr(type)).join(', ')}`,
      );
    },
  ],
  [
    'properties',
    (value, instance, _schema, root) =>
      instance instanceof Map
        ? [...map(value)].flatMap(([key, schema]) =>
            instance.has(key)
              ? descend(instance.get(key)!, schema, root, { path: key, schemaPath: key })
              : [],
          )
        : [],
  ],
  [
    'required',
    (value, instance) =>
      instance instanceof Map
        ? list(value)
            .filter((key) => !instance.has(key as string))
            .map((key) => new Problem(`${repr(key)} is a required property`))
        : [],
  ],
  ['additionalProperties', additionalProperties],
  [
    'patternProperties',
    (value, instance, _schema, root) =>
      instance instanceof Map
        ? [...map(value)].flatMap(([pattern, schema]) => {
            const regex = compilePattern(pattern);
            const keys = [...instance.keys()].filter((key) => regex.search(key) !== undefined);
            return keys.flatMap((key) =>
              descend(instance.get(key)!, schema, root, { path: key, schemaPath: pattern }),
            );
          })
        : [],
  ],
  [
    'propertyNames',
    (value, instance, _schema, root) =>
      instance instanceof Map ? [...instance.keys()].flatMap((key) => descend(key, value, root)) : [],
  ],
  ['items', items],
  [
    'prefixItems',
    (value, instance, _schema, root) =>
      Array.isArray(instance)
        ? list(value)
            .slice(0, instance.length)
            .flatMap((schema, index) =>
              descend(instance[index]!, schema, root, { path: index, schemaPath: index }),
            )
        : [],
  ],
  ['contains', contains],
  ['const', (value, instance) => one(!equal(value, instance), () => `${repr(value)} was expected`)],
  [
    'enum',
    (value, instance) =>
      one(
        !list(value).some((each) => equal(each, instance)),
        () => `${repr(instance)} is not one of ${repr(value)}`,
      ),
  ],
  ['minimum', bound((value, limit) => value < limit, 'less than the minimum')],
  ['maximum', bound((value, limit) => value > limit, 'greater than the maximum')],
  ['exclusiveMinimum', bound((value, limit) => value <= limit, 'less than or equal to the minimum')],
  ['exclusiveMaximum', bound((value, limit) => value >= limit, 'greater than or equal to the maximum')],
  [
    'multipleOf',
    (unit, value) =>
      one(
        value instanceof JsonNumber && notMultiple(value, unit as JsonNumber),
        () => `${repr(value)} is not a multiple of ${pythonStr(unit)}`,
      ),
  ],
  ['minItems', size(itemCount, true, 'should be non-empty', 'is too short')],
  ['maxItems', size(itemCount, false, 'is expected to be empty', 'is too long')],
  ['minLength', size(letters, true, 'should be non-empty', 'is too short')],
  ['maxLength', size(letters, false, 'is expected to be empty', 'is too long')],
  ['minProperties', size(entries, true, 'should be non-empty', 'does not have enough properties')],
  ['maxProperties', size(entries, false, 'is expected to be empty', 'has too many properties')],
  [
    'uniqueItems',
    (value, instance) =>
      one(
        value === true && Array.isArray(instance) && !unique(instance),
        () => `${repr(instance)} has non-unique elements`,
      ),
  ],
  [
    'pattern',
    (value, instance) =>
      one(
        typeof instance === 'string' && compilePattern(value as string).search(instance) === undefined,
        () => `${repr(instance)} does not match ${repr(value)}`,
      ),
  ],
  [
    'dependentRequired',
    (value, instance) =>
      instance instanceof Map
        ? [...map(value)].flatMap(([key, needs]) =>
            instance.has(key)
              ? list(needs)
                  .filter((each) => !instance.has(each as string))
                  .map((each) => new Problem(`${repr(each)} is a dependency of ${repr(key)}`))
              : [],
          )
        : [],
  ],
  [
    'dependentSchemas',
    (value, instance, _schema, root) =>
      instance instanceof Map
        ? [...map(value)].flatMap(([key, schema]) =>
            instance.has(key) ? descend(instance, schema, root, { schemaPath: key }) : [],
          )
        : [],
  ],
  [
    'allOf',
    (value, instance, _schema, root) =>
      list(value).flatMap((schema, index) => descend(instance, schema, root, { schemaPath: index })),
  ],
  [
    'anyOf',
    (value, instance, _schema, root) => {
      const { at, context } = alternatives(value, instance, root);
      return at === -1 ? none(instance, context) : [];
    },
  ],
  ['oneOf', oneOf],
  [
    'not',
    (value, instance, _schema, root) =>
      one(fits(instance, value, root), () => `${repr(instance)} should not be valid under ${repr(value)}`),
  ],
  [
    'if',
    (value, instance, schema, root) => {
      const branch = fits(instance, value, root) ? 'then' : 'else';
      return schema.has(branch) ? descend(instance, schema.get(branch)!, root, { schemaPath: branch }) : [];
    },
  ],
]);
