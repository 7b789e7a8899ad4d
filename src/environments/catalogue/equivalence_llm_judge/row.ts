import { CallFailure, isObject } from '../../../protocol/index.js';
import { asText } from '../../kit/as-text.js';

interface Row {
  readonly expected_answer?: string | null | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined;
  readonly template_metadata?: unknown;
}

/** The row's expected answer, else that of its metadata, as a text; "" when it has none. */
export function expectedAnswer({ expected_answer: given, metadata }: Row): string {
  if (given != null && given !== '') return given;
  const other = metadata?.['expected_answer'];
  return other == null ? '' : asText(other);
}

/**
 * The pattern that a row brings for its own answer, to be asked for when it is used: only then it must be one. Throws
 * CallFailure `row_invalid` where it is no text. Undefined where the row has none.
 */
export function rowPattern({ template_metadata: template }: Row): (() => string) | undefined {
  const pattern = isObject(template) ? template['output_regex'] : undefined;
  const isNone = pattern === null || pattern === '' || pattern === 0 || pattern === false;
  if (pattern === undefined || isNone || (Array.isArray(pattern) && pattern.length === 0)) return undefined;
  return () => {
    if (typeof pattern === 'string') return pattern;
    throw new CallFailure('row_invalid', 'template_metadata.output_regex must be one pattern');
  };
}
