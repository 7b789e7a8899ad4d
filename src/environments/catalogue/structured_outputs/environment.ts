import { z } from 'zod';
import { CallFailure } from '../../../protocol/index.js';
import type { JsonObject, ResponsesReply, Verdict } from '../../../protocol/index.js';
import {
  asLossless,
  characters,
  JsonDecodeError,
  lenientBool,
  lenientInt,
  loadsJson,
  PythonRegexError,
  pythonStr,
  strip,
} from '../../../python/index.js';
import type { Lossless } from '../../../python/index.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { functionCalls } from '../../kit/function-calls.js';
import { schemaFault } from '../../kit/json-schema/check-schema.js';
import type { Schema } from '../../kit/json-schema/problem.js';
import { ReferenceError, validate } from '../../kit/json-schema/validate.js';
import { pick } from '../../kit/key-metrics.js';
import { allText } from '../../kit/reply-text.js';
import { coerceCsv, coerceXml } from './coerce.js';
import { meanRewards } from './metrics.js';
import { NotParsed } from '../../kit/data-formats/not-parsed.js';
import { parseContent } from './parse.js';

/** What a row says of itself; the verdict says it again, so that metrics can be told apart by it. */
const NOTES = [
  ...['problem_type', 'schema_repr', 'source_format', 'source_record_id', 'tool_name', 'tool_schema_mode'],
  ...[
    'tool_payload_key',
    'tool_choice',
    'source_schema_type',
    'instruction_layout',
    'instruction_detail_level',
  ],
  ...['system_instruction_style', 'tool_name_style', 'distractor_style', 'tool_union_mode'],
] as const;
const NUMBERS = ['num_turns', 'num_tools', 'num_distractors'] as const;
const FLAGS = ['parallel_tool_calls', 'has_distractors'] as const;

const each = <Schema extends z.ZodType>(keys: readonly string[], schema: Schema): Record<string, Schema> =>
  Object.fromEntries(keys.map((key) => [key, schema]));

const row = z.object({
  schema_str: z.string(),
  schema_type: z.enum(['json', 'yaml', 'xml', 'toml', 'csv']).default('json'),
  response_mode: z.string().nullable().default('text'),
  tool_name: z.string().nullable().default(null),
  tool_payload_key: z.string().nullable().default(null),
  ...each(NOTES, z.string().nullable().default(null)),
  ...each(NUMBERS, lenientInt.nullable().default(null)),
  ...each(FLAGS, lenientBool.nullable().default(null)),
});
type Row = z.infer<typeof row>;

const cut = (text: string): string => characters(text).slice(0, 200).join('');
const failed = (type: string, message: string): Verdict => ({
  reward: 0,
  error_type: type,
  error_message: message,
});

/** Every object with `properties` needs all of them and allows no others. */
function strict(schema: Lossless): void {
  if (!(schema instanceof Map)) return;
  const properties = schema.get('properties');
  if (properties !== undefined) {
    if (!(properties instanceof Map))
      throw new CallFailure('row_invalid', 'schema_str: properties must be an object');
    schema.set('required', [...properties.keys()]);
    schema.set('additionalProperties', false);
  }
  for (const value of schema.values()) strict(value);
}

function readSchema(text: string): Lossless {
  const schema = loadsJson(text);
  strict(schema);
  return schema;
}

function grade(value: Lossless, schema: Lossless): Verdict {
  const fault = schemaFault(schema);
  if (fault !== undefined) {
    if (fault.text !== null) return failed('validation_error', `SchemaError: ${cut(fault.text)}`);
    throw new CallFailure('row_invalid', `schema_str is no JSON Schema that can be used: ${fault.reason}`);
  }
  try {
    const problem = validate(value, schema as Schema);
    if (problem === undefined) return { reward: 1, error_type: null, error_message: null };
    return failed('validation_error', `ValidationError: ${cut(problem.toString())}`);
  } catch (error) {
    if (error instanceof ReferenceError)
      return failed('validation_error', `_WrappedReferencingError: ${cut(error.message)}`);
    if (error instanceof PythonRegexError)
      return failed('validation_error', `PatternError: ${cut(error.message)}`);
    throw error;
  }
}

/** The schema, or why it is none: its text is told without the name of the exception. */
function withSchema(text: string, work: (schema: Lossless) => Verdict): Verdict {
  let schema: Lossless;
  try {
    schema = readSchema(text);
  } catch (error) {
    if (error instanceof JsonDecodeError) return failed('schema_error', cut(error.message));
    throw error;
  }
  return work(schema);
}

function gradeText(text: string, task: Row, coerces: boolean): Verdict {
  if (strip(text) === '') return failed('empty_response', 'No assistant response text');
  const format = task.schema_type;
  return withSchema(task.schema_str, (schema) => {
    if (format === 'toml') {
      throw new CallFailure('verify_unavailable', 'TOML is read by the Python server only.');
    }
    let value: Lossless;
    try {
      value = parseContent(format, text);
    } catch (error) {
      if (error instanceof JsonDecodeError)
        return failed('parse_error', `JSONDecodeError: ${cut(error.message)}`);
      if (error instanceof NotParsed) return failed('parse_error', cut(error.message));
      throw error;
    }
    if (format === 'xml' && coerces) value = coerceXml(value, schema);
    if (format === 'csv') value = coerceCsv(value as Map<string, Lossless>[], schema);
    return grade(value, schema);
  });
}

function gradeCall(response: ResponsesReply, task: Row): Verdict {
  if (response.error != null) return failed('api_error', cut(pythonStr(asLossless(response.error))));
  const calls = functionCalls(response);
  const names = calls.map(({ name }) => name).join(', ');
  const [call] = calls;
  if (call === undefined)
    return failed('missing_tool_call', 'No function_call item found in assistant response');
  if (calls.length > 1)
    return failed('multiple_tool_calls', `Expected exactly one function_call, got: ${names}`);
  if (task.tool_name && call.name !== task.tool_name) {
    return failed('wrong_tool_name', `Expected tool '${task.tool_name}', got: ${names}`);
  }
  let value: Lossless;
  try {
    value = loadsJson(call.arguments);
  } catch (error) {
    if (!(error instanceof JsonDecodeError)) throw error;
    return failed('tool_arguments_parse_error', `JSONDecodeError: ${cut(error.message)}`);
  }
  const key = task.tool_payload_key;
  if (key) {
    const payload = value instanceof Map ? value.get(key) : undefined;
    if (payload === undefined) return failed('missing_tool_payload_key', `Missing tool payload key: ${key}`);
    value = payload;
  }
  return withSchema(task.schema_str, (schema) => grade(value, schema));
}

/** A reply, or a tool call, in a format and by a schema. */
export const structuredOutputs = defineEnvironment({
  name: 'structured_outputs',
  version: 1,
  repeats: ['schema_str'],
  reverifyMode: 'stateless',
  config: z.object({ xml_coerce_types: lenientBool.default(true) }),
  row,
  verify({ row: task, response, config }) {
    const verdict =
      task.response_mode === 'tool_call'
        ? gradeCall(response, task)
        : gradeText(allText(response), task, config.xml_coerce_types);
    const told = ['schema_type', 'response_mode', ...NOTES, ...NUMBERS, ...FLAGS];
    return { ...verdict, ...pick(task as JsonObject, told) };
  },
  metrics: meanRewards,
});
