import { describe, expect, it } from 'vitest';
import { schemaFault } from '../../../src/environments/kit/json-schema/check-schema.js';
import type { Schema } from '../../../src/environments/kit/json-schema/problem.js';
import { ReferenceError, validate } from '../../../src/environments/kit/json-schema/validate.js';
import { loadsJson } from '../../../src/python/index.js';

const problem = (instance: string, schema: string): string | undefined =>
  validate(loadsJson(instance), loadsJson(schema) as Schema)?.toString();

describe('JSON Schema in the words of jsonschema', () => {
  it.each([
    ['5.0', '{"type": "integer"}'],
    ['{"a": 1}', '{"properties": {"a": {"$ref": "#/$defs/n"}}, "$defs": {"n": {"type": "number"}}}'],
    ['[1, true]', '{"uniqueItems": true}'],
    ['"ab"', '{"anyOf": [{"maxLength": 1}, {"pattern": "^a"}]}'],
  ])('%s fits %s', (instance, schema) => {
    expect(problem(instance, schema)).toBeUndefined();
  });

  it.each([
    ['true', '{"type": "integer"}', "True is not of type 'integer'"],
    ['{}', '{"required": ["x"]}', "'x' is a required property"],
    ['{"b": 1}', '{"properties": {}, "additionalProperties": false}', "('b' was unexpected)"],
    ['5', '{"multipleOf": 2}', '5 is not a multiple of 2'],
    ['[]', '{"minItems": 1}', '[] should be non-empty'],
    ['1', '{"const": true}', 'True was expected'],
    ['3', '{"oneOf": [{"type": "integer"}, {"type": "number"}]}', 'is valid under each of'],
  ])('%s does not fit %s', (instance, schema, words) => {
    expect(problem(instance, schema)).toContain(words);
  });

  it('says where, and shows what', () => {
    expect(problem('{"a": ["x"]}', '{"properties": {"a": {"items": {"type": "null"}}}}')).toBe(
      "'x' is not of type 'null'\n\nFailed validating 'type' in schema['properties']['a']['items']:\n    {'type': 'null'}\n\nOn instance['a'][0]:\n    'x'",
    );
  });

  it('tells a reference that leads nowhere, and what is no schema', () => {
    expect(() => problem('1', '{"$ref": "#/no"}')).toThrow(ReferenceError);
    expect(schemaFault(loadsJson('{"type": "date"}'))?.reason).toContain('schema.type');
    expect(schemaFault(loadsJson('{"items": {"minimum": 1}}'))).toBeUndefined();
  });
});
