import { JsonNumber, pythonRepr } from '../../../python/index.js';
import type { Lossless } from '../../../python/index.js';
import { TYPES } from './types.js';

/** What JSON Schema 2020-12 asks of the value of a keyword. */
const NUMBERS = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'];
const COUNTS = [
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'minContains',
  'maxContains',
];
const ONE = ['items', 'additionalProperties', 'not', 'if', 'then', 'else', 'contains', 'propertyNames'];
const LISTS = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];
const NAMED = ['properties', 'patternProperties', '$defs', 'dependentSchemas'];
/** Keywords whose rules are not written here. */
const BEYOND = [
  'unevaluatedItems',
  'unevaluatedProperties',
  'discriminator',
  '$dynamicRef',
  '$dynamicAnchor',
  '$anchor',
  '$id',
];

/** The beginning of the text with which Python's `jsonschema` refuses a schema; null where it is not written here. */
export interface SchemaFault {
  reason: string;
  text: string | null;
}

/** Where the rules for a part stand in the meta-schema: `['allOf'][1]['properties']['items']['$dynamicRef']`. */
const APPLICATOR = "['allOf'][1]['properties']";
const CORE =
  "{'$schema': 'https://json-schema.org/draft/2020-12/schema',\n     '$id': 'https://json-schema.org/draft/2020-12/meta/core',\n";
/** As much of the text as verdicts show. */
const SHOWN = 200;

function fault(reason: string, message: string, keyword: string, place: string, rest = ''): SchemaFault {
  const text = `${message}\n\nFailed validating '${keyword}' in metaschema${place}:\n    ${rest}`;
  return { reason, text: text.length >= SHOWN || rest !== '' ? text : null };
}

/** What is wrong with a schema; undefined when nothing is. `place` is that of its rules in the meta-schema. */
export function schemaFault(schema: Lossless, at = 'schema', place = ''): SchemaFault | undefined {
  if (typeof schema === 'boolean') return undefined;
  if (!(schema instanceof Map)) {
    const message = `${pythonRepr(schema)} is not of type 'object', 'boolean'`;
    return fault(`${at} is no object`, message, 'type', `${place}['allOf'][0]`, CORE);
  }
  for (const [keyword, value] of schema) {
    const here = `${at}.${keyword}`;
    const found = BEYOND.includes(keyword)
      ? { reason: `${here} is not supported`, text: null }
      : valueFault(keyword, value, here, place);
    if (found !== undefined) return found;
  }
  return undefined;
}

function valueFault(keyword: string, value: Lossless, here: string, place: string): SchemaFault | undefined {
  const inner = `${place}${APPLICATOR}['${keyword}']`;
  if (ONE.includes(keyword)) return schemaFault(value, here, `${inner}['$dynamicRef']`);
  if (LISTS.includes(keyword)) {
    if (!Array.isArray(value) || value.length === 0)
      return { reason: `${here} is no list of schemas`, text: null };
    return first(
      value.map((item, index) => schemaFault(item, `${here}.${index}`, `${inner}['items']['$dynamicRef']`)),
    );
  }
  if (NAMED.includes(keyword)) {
    if (!(value instanceof Map)) return { reason: `${here} is no object`, text: null };
    const each = `${inner}['additionalProperties']['$dynamicRef']`;
    return first([...value].map(([name, item]) => schemaFault(item, `${here}.${name}`, each)));
  }
  if (valueFits(keyword, value)) return undefined;
  const reason = `${here} is not what the keyword needs`;
  const validation = `${place}['allOf'][3]['properties']['${keyword}']`;
  if (keyword === 'type') {
    return fault(
      reason,
      `${pythonRepr(value)} is not valid under any of the given schemas`,
      'anyOf',
      validation,
    );
  }
  if (NUMBERS.includes(keyword) && !(value instanceof JsonNumber)) {
    return fault(
      reason,
      `${pythonRepr(value)} is not of type 'number'`,
      'type',
      validation,
      "{'type': 'number'}",
    );
  }
  return { reason, text: null };
}

function valueFits(keyword: string, value: Lossless): boolean {
  const texts = (list: Lossless): boolean =>
    Array.isArray(list) &&
    list.every((item) => typeof item === 'string') &&
    new Set(list).size === list.length;
  if (keyword === 'type') {
    return typeof value === 'string'
      ? TYPES.includes(value)
      : texts(value) &&
          (value as string[]).length > 0 &&
          (value as string[]).every((type) => TYPES.includes(type));
  }
  if (NUMBERS.includes(keyword))
    return value instanceof JsonNumber && (keyword !== 'multipleOf' || value.value > 0);
  if (COUNTS.includes(keyword))
    return value instanceof JsonNumber && Number.isInteger(value.value) && value.value >= 0;
  if (keyword === 'required') return texts(value);
  if (keyword === 'enum') return Array.isArray(value);
  if (keyword === 'dependentRequired') return value instanceof Map && [...value.values()].every(texts);
  if (['pattern', '$ref', 'title', 'description', 'format', '$comment', '$schema'].includes(keyword))
    return typeof value === 'string';
  if (['uniqueItems', 'deprecated', 'readOnly', 'writeOnly'].includes(keyword))
    return typeof value === 'boolean';
  return keyword !== 'examples' || Array.isArray(value);
}

const first = (faults: readonly (SchemaFault | undefined)[]): SchemaFault | undefined =>
  faults.find((one) => one !== undefined);
