import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { errors } from '../../errors/index.js';
import { FormatError, formatPython, SpecError } from '../../python/index.js';
import type { Lossless } from '../../python/index.js';

/** A prompt template: text in the syntax of Python's `str.format` over a row's top-level fields. */
export interface PromptTemplate {
  /** Absolute path. */
  file: string;
  /** Of the file's bytes, hex. */
  sha256: string;
  user: string;
  system: string | null;
}

const schema = z.object({
  user: z.string({ error: '"user" must be text' }),
  system: z.string({ error: '"system" must be text' }).nullish(),
});

export async function readPrompt(file: string): Promise<PromptTemplate> {
  const text = await readFile(file, 'utf8');
  let content: unknown;
  try {
    content = parse(text);
  } catch (error) {
    throw errors.invalidPrompt(file, (error as Error).message);
  }
  const parsed = schema.safeParse(content ?? {});
  if (!parsed.success) {
    throw errors.invalidPrompt(file, parsed.error.issues.map(({ message }) => message).join('; '));
  }
  const { user, system } = parsed.data;
  return { file, sha256: createHash('sha256').update(text).digest('hex'), user, system: system ?? null };
}

/** The messages of one row: system, if the template has one, then user. Throws `FormatError` or `SpecError`. */
export function buildMessages(template: PromptTemplate, row: ReadonlyMap<string, Lossless>): Lossless[] {
  const message = (role: string, content: string): Lossless =>
    new Map<string, Lossless>([
      ['role', role],
      ['content', formatPython(content, row)],
    ]);
  const user = message('user', template.user);
  return template.system === null ? [user] : [message('system', template.system), user];
}

/** The reason why a row does not fit its template, or undefined when the error is something else. */
export function formatProblem(error: unknown): string | undefined {
  return error instanceof FormatError || error instanceof SpecError ? error.message : undefined;
}
