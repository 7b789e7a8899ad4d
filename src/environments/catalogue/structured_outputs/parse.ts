import { asLossless, csvRows, JsonNumber, loadsJson, strip } from '../../../python/index.js';
import type { Lossless } from '../../../python/index.js';
import { NotParsed } from '../../kit/data-formats/not-parsed.js';
import { parseXml } from '../../kit/data-formats/xml.js';
import { parseYaml } from '../../kit/data-formats/yaml.js';

/** The value that a reply stands for. Throws {@link NotParsed}, or JsonDecodeError for JSON. */
export function parseContent(format: 'json' | 'yaml' | 'xml' | 'csv', text: string): Lossless {
  if (format === 'json') return loadsJson(text);
  if (format === 'yaml') return fromYaml(parseYaml(text));
  return format === 'xml' ? parseXml(text) : csvRows(text);
}

function fromYaml(value: unknown): Lossless {
  if (typeof value === 'bigint') return new JsonNumber(value.toString());
  if (typeof value === 'number')
    return new JsonNumber(Number.isInteger(value) ? `${value}.0` : String(value));
  if (Array.isArray(value)) return value.map(fromYaml);
  if (value instanceof Map) {
    return new Map(
      [...(value as Map<unknown, unknown>)].map(([key, item]) => [strip(String(key)), fromYaml(item)]),
    );
  }
  if (value instanceof Date) throw new NotParsed('a date');
  return asLossless(value);
}
