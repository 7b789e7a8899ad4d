import { isObject, type Json, type JsonObject } from '../../protocol/index.js';
import { described, type Kind } from './fault.js';

export function nullable(kind: Kind): Kind {
  const schema = { anyOf: [kind.schema ?? {}, { type: 'null' }] };
  return described(schema, (value, at, faults) => (value === null ? null : kind(value, at, faults)));
}

export function list(kind: Kind): Kind {
  return described({ type: 'array', items: kind.schema ?? {} }, (value, at, faults) => {
    if (!Array.isArray(value)) return faults.add('list_type', at, 'Input should be a valid list', value);
    return value.map((item, index) => kind(item, [...at, index], faults) ?? null);
  });
}

/** An object with any keys, each of one kind. */
export function map(kind: Kind): Kind {
  return described({ type: 'object', additionalProperties: kind.schema ?? {} }, (value, at, faults) => {
    if (!isObject(value)) return faults.add('dict_type', at, 'Input should be a valid dictionary', value);
    const entries = Object.entries(value).map(([key, item]) => [
      key,
      kind(item ?? null, [...at, key], faults) ?? null,
    ]);
    return Object.fromEntries(entries) as JsonObject;
  });
}

export interface Field {
  readonly kind: Kind;
  /** Absent: the field must be given. */
  readonly fallback?: () => Json;
}

export type Fields = Readonly<Record<string, Field>>;

/** A field that must be there. */
export function required(kind: Kind): Field {
  return { kind };
}

/** A field that may be left out; `fallback` stands for it then. */
export function optional(kind: Kind, fallback: Json = null): Field {
  return { kind, fallback: () => structuredClone(fallback) };
}

export interface ObjectOptions {
  /** What becomes of keys that are not among the fields. Default: they are left out. */
  readonly others?: 'drop' | 'keep';
  /** What is wrong with the whole, when each field is right. */
  readonly rule?: (value: JsonObject) => string | null;
}

/** An object with known fields, in their order. */
export function object(fields: Fields, { others = 'drop', rule }: ObjectOptions = {}): Kind {
  return described(objectSchema(fields), (value, at, faults) => {
    if (!isObject(value)) {
      const msg = 'Input should be a valid dictionary or object to extract fields from';
      return faults.add('model_attributes_type', at, msg, value);
    }
    const before = faults.list.length;
    const read: JsonObject = {};
    for (const [name, { kind, fallback }] of Object.entries(fields)) {
      const given = Object.hasOwn(value, name) ? value[name] : undefined;
      if (given !== undefined) read[name] = kind(given, [...at, name], faults) ?? null;
      else if (fallback === undefined) faults.add('missing', [...at, name], 'Field required', value);
      else read[name] = fallback();
    }
    if (others === 'keep')
      for (const key of Object.keys(value)) if (!(key in fields)) read[key] = value[key]!;
    if (faults.list.length > before) return undefined;
    const wrong = rule?.(read) ?? null;
    return wrong === null
      ? read
      : faults.add('value_error', at, `Value error, ${wrong}`, value, { error: {} });
  });
}

function objectSchema(fields: Fields): JsonObject {
  const needed = Object.entries(fields).filter(([, { fallback }]) => fallback === undefined);
  const properties = Object.entries(fields).map(([name, { kind, fallback }]) => {
    const otherwise = fallback?.() ?? null;
    return [name, { ...kind.schema, ...(otherwise !== null && { default: otherwise }) }];
  });
  return {
    type: 'object',
    properties: Object.fromEntries(properties) as JsonObject,
    ...(needed.length > 0 && { required: needed.map(([name]) => name) }),
  };
}

/** The first of several kinds that takes the value; else the faults of all of them, each under its name. */
export function either(kinds: Readonly<Record<string, Kind>>): Kind {
  return described({ anyOf: Object.values(kinds).map(({ schema }) => schema ?? {}) }, (value, at, faults) => {
    const before = faults.list.length;
    for (const [name, kind] of Object.entries(kinds)) {
      const tried = faults.list.length;
      const read = kind(value, [...at, name], faults);
      if (faults.list.length === tried) {
        faults.list.length = before;
        return read;
      }
    }
    return undefined;
  });
}
