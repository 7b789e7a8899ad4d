import { HttpError } from '../../serve/http/index.js';
import { isObject, type Json, type JsonObject } from '../../protocol/index.js';

/** True for the things that are wanted; `seen` is the form in which the caller sees a thing. */
export type Filter = (seen: JsonObject) => boolean;

const all: Filter = () => true;

/**
 * Reads the filter of a list, in any of its spellings: `filter[name]=x` (also `filter[name][$like]=x`), a JSON object in
 * `filter` (with `$and`, `$or`, `$not`), or `name:x`-like texts, several joined by `AND`. `fields`: what may be asked.
 * Throws 400.
 */
export function readFilter(query: URLSearchParams, fields: readonly string[]): Filter {
  const parts: Filter[] = [];
  for (const [key, value] of query) {
    if (key === 'filter' && value !== '') parts.push(whole(value, fields));
    const path = /^filter((?:\[[^\]]*\])+)$/.exec(key)?.[1];
    if (path === undefined) continue;
    const names = [...path.matchAll(/\[([^\]]*)\]/g)].map((match) => match[1]!);
    parts.push(
      fromJson(
        names.reduceRight<Json>((inner, name) => ({ [name]: inner }), value),
        fields,
      ),
    );
  }
  return parts.length === 0 ? all : (seen) => parts.every((part) => part(seen));
}

function whole(text: string, fields: readonly string[]): Filter {
  if (!text.trimStart().startsWith('{')) return fromText(text, fields);
  try {
    return fromJson(JSON.parse(text) as Json, fields);
  } catch (error) {
    if (error instanceof HttpError) throw error;
    throw refused(`Invalid JSON in filter: ${(error as Error).message}`);
  }
}

const CONDITION = /^\s*([\w.]+)\s*(>=|<=|!=|[:=~<>])\s*(?:"([^"]*)"|(\S+))\s*$/;
const WORD: Readonly<Record<string, string>> = {
  ':': '$eq',
  '=': '$eq',
  '~': '$like',
  '>=': '$gte',
  '<=': '$lte',
  '>': '$gt',
  '<': '$lt',
  '!=': '$ne',
};

function fromText(text: string, fields: readonly string[]): Filter {
  const parts = text.split(/\s+AND\s+/i).map((part) => {
    const [, field, sign, quoted, bare] = CONDITION.exec(part) ?? [];
    if (field === undefined) {
      throw refused(`Cannot read the filter '${text}': give JSON, filter[field]=value, or field:value`);
    }
    return fromJson({ [field]: { [WORD[sign!]!]: quoted ?? bare! } }, fields);
  });
  return (seen) => parts.every((part) => part(seen));
}

function fromJson(wanted: Json, fields: readonly string[]): Filter {
  if (!isObject(wanted)) throw refused('A filter is an object of fields');
  const parts = Object.entries(wanted).map(([key, value]): Filter => {
    if (key === '$and' || key === '$or') {
      if (!Array.isArray(value)) throw refused(`${key} takes a list of filters`);
      const inner = value.map((each) => fromJson(each, fields));
      return key === '$and'
        ? (seen) => inner.every((each) => each(seen))
        : (seen) => inner.some((each) => each(seen));
    }
    if (key === '$not') {
      const inner = fromJson(value ?? null, fields);
      return (seen) => !inner(seen);
    }
    const [field = ''] = key.split('.');
    if (!fields.includes(field)) {
      const valid = fields
        .toSorted()
        .map((name) => `'${name}'`)
        .join(', ');
      throw refused(`Unknown filter field '${field}'. Valid fields: [${valid}]`);
    }
    const path = key.split('.');
    const holds = condition(value ?? null);
    return (seen) => holds(path.reduce<Json>((at, name) => (isObject(at) ? (at[name] ?? null) : null), seen));
  });
  return (seen) => parts.every((part) => part(seen));
}

type Holds = (found: Json) => boolean;

function condition(wanted: Json): Holds {
  if (!isObject(wanted)) return (found) => same(found, wanted);
  const parts = Object.entries(wanted).map(([key, value]): Holds => {
    const given = value ?? null;
    switch (key) {
      case '$eq':
        return (found) => same(found, given);
      case '$ne':
        return (found) => !same(found, given);
      case '$like':
        return (found) =>
          typeof found === 'string' && found.toLowerCase().includes(plain(given).toLowerCase());
      case '$in':
        return (found) => members(given).some((each) => same(found, each));
      case '$nin':
        return (found) => !members(given).some((each) => same(found, each));
      case '$gte':
        return (found) => found !== null && plain(found) >= plain(given);
      case '$lte':
        return (found) => found !== null && plain(found) <= plain(given);
      case '$gt':
        return (found) => found !== null && plain(found) > plain(given);
      case '$lt':
        return (found) => found !== null && plain(found) < plain(given);
      default: {
        const inner = condition(given);
        return (found) => inner(isObject(found) ? (found[key] ?? null) : null);
      }
    }
  });
  return (found) => parts.every((part) => part(found));
}

/** A query has texts only: `true` asks whether there is something, and a number or boolean equals its text. */
function same(found: Json, wanted: Json): boolean {
  if (typeof wanted === 'boolean' || wanted === 'true' || wanted === 'false') {
    const yes = wanted === true || wanted === 'true';
    if (typeof found === 'boolean') return found === yes;
    if (found !== wanted) return (found !== null) === yes;
  }
  if (found === null || wanted === null) return found === wanted;
  return plain(found) === plain(wanted);
}

function plain(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function members(given: Json): readonly Json[] {
  return Array.isArray(given) ? given : plain(given).split(',');
}

function refused(detail: string): HttpError {
  return new HttpError(400, { detail });
}
