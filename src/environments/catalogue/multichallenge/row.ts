import { z } from 'zod';
import { CallFailure, isObject } from '../../../protocol/index.js';
import { upper } from '../../../python/index.js';
import { asText } from '../../kit/as-text.js';
import { ofMetadata } from '../../kit/row-fields.js';

/** A number, also as a text. */
const weight = z.union([z.number(), z.boolean().transform(Number), z.string().regex(/\d/).transform(Number)]);

const criterion = z.object({
  question: z.string().default(''),
  pass_criteria: z.string().default('YES'),
  weight: weight.pipe(z.number()).default(1),
});

type Metadata = Readonly<Record<string, unknown>> | null | undefined;

interface Row {
  readonly rubric?: readonly unknown[] | null | undefined;
  readonly context?: string | null | undefined;
  readonly metadata?: Metadata;
}

/** The row's rubric, else that of its metadata. Throws CallFailure `row_invalid`. */
export function rubricOf({ rubric, metadata }: Row): z.infer<typeof criterion>[] {
  const given = rubric != null && rubric.length > 0 ? rubric : ofMetadata(metadata, 'rubric', []);
  const read = z.array(criterion).safeParse(given);
  if (read.success) return read.data;
  throw new CallFailure(
    'row_invalid',
    `The rubric of the row cannot be used: ${z.prettifyError(read.error)}`,
  );
}

/** The row's context, else the messages of its metadata, thoughts left out. Throws CallFailure `row_invalid`. */
export function contextOf({ context, metadata }: Row): string {
  if (context != null && context !== '') return context;
  const given = ofMetadata(metadata, 'messages', []);
  if (!Array.isArray(given) || !given.every(isMessage)) {
    throw new CallFailure('row_invalid', 'metadata.messages of the row is no list of messages');
  }
  return given
    .filter(({ role }) => role !== 'thinking')
    .map(({ role = 'unknown', content = '' }) => `[${upper(role)}]: ${asText(content)}`)
    .join('\n\n');
}

interface Message {
  readonly role?: string;
  readonly content?: unknown;
}

const isMessage = (value: unknown): value is Message =>
  isObject(value) && (value['role'] === undefined || typeof value['role'] === 'string');
