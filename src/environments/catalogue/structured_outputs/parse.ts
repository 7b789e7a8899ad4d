import { parseAllDocuments } from 'yaml';
import { asLossless, csvRows, JsonNumber, loadsJson, strip } from '../../../python/index.js';
import type { Lossless } from '../../../python/index.js';
import { NotParsed } from './not-parsed.js';
import { parseXml } from './xml.js';

/** The value that a reply stands for. Throws {@link NotParsed}, or JsonDecodeError for JSON. */
export function parseContent(format: 'json' | 'yaml' | 'xml' | 'csv', text: string): Lossless {
  if (format === 'json') return loadsJson(text);
  if (format === 'yaml') return parseYaml(text);
  return format === 'xml' ? parseXml(text) : csvRows(text);
}

function parseYaml(text: string): Lossless {
  const documents = parseAllDocuments(text, {
    version: '1.1',
    merge: true,
    intAsBigInt: true,
    prettyErrors: false,
  });
  const [document, second] = Array.isArray(documents) ? documents : [];
  if (document === undefined) return null;
  const [fault] = [...document.errors, ...document.warnings];
  if (fault !== undefined || second !== undefined) {
    throw new NotParsed(`YAMLError: ${fault?.message ?? 'expected a single document in the stream'}`);
  }
  return fromYaml(document.toJS({ mapAsMap: true }));
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
