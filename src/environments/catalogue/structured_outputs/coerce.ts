import { JsonNumber, lower, parseFloatText, parseIntText, pythonFloat } from '../../../python/index.js';
import type { Lossless } from '../../../python/index.js';

const mapOf = (value: Lossless | undefined): ReadonlyMap<string, Lossless> =>
  value instanceof Map ? value : new Map();

/** A text as a number or boolean where its schema wants one and it can be read as one; itself otherwise. */
function scalar(text: string, type: Lossless | undefined): Lossless {
  if (type === 'integer') {
    const value = parseIntText(text);
    return value === undefined ? text : new JsonNumber(BigInt(value).toString());
  }
  if (type === 'number') {
    const value = parseFloatText(text);
    return value === undefined
      ? text
      : new JsonNumber(Number.isFinite(value) ? pythonFloat(value) : String(value));
  }
  const word = lower(text);
  if (type !== 'boolean') return text;
  if (word === 'true' || word === '1') return true;
  return word === 'false' || word === '0' ? false : text;
}

/** XML knows texts only: leaves become what the schema wants, repeated elements lists. */
export function coerceXml(data: Lossless, schema: Lossless | undefined): Lossless {
  if (!(schema instanceof Map) || !schema.has('type')) return data;
  const type = schema.get('type');
  if (type === 'object' && data instanceof Map) {
    const properties = mapOf(schema.get('properties'));
    return new Map(
      [...data].map(([key, value]) => [
        key,
        properties.has(key) ? coerceXml(value, properties.get(key)) : value,
      ]),
    );
  }
  if (type === 'array') {
    const inner = data instanceof Map && data.size === 1 ? [...data.values()][0]! : data;
    const list = Array.isArray(inner) ? inner : inner === null ? [] : [inner];
    return list.map((item) => coerceXml(item, schema.get('items') ?? new Map()));
  }
  if (data === null && type === 'string') return '';
  return typeof data === 'string' ? scalar(data, type) : data;
}

/** As {@link coerceXml}, for the cells of a table; an empty one stays empty, or null where that is allowed. */
export function coerceCsv(rows: readonly Map<string, Lossless>[], schema: Lossless): Lossless[] {
  const items = schema instanceof Map ? (schema.get('items') ?? schema) : schema;
  const properties = mapOf(mapOf(items).get('properties'));
  return rows.map(
    (row) =>
      new Map(
        [...row].map(([key, value]) => [
          key,
          cell(value, mapOf(properties.get(key)).get('type') ?? 'string'),
        ]),
      ),
  );
}

function cell(value: Lossless, type: Lossless): Lossless {
  if (Array.isArray(type)) {
    if ((value === null || value === '') && type.includes('null')) return null;
    for (const one of type) {
      if (one === 'null') continue;
      const found = cell(value, one);
      if (typeof found !== 'string' || one === 'string') return found;
    }
    return value;
  }
  return typeof value !== 'string' || value === '' ? value : scalar(value, type);
}
