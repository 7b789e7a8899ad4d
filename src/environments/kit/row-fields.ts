import { z } from 'zod';
import type { ResponsesRequest } from '../../protocol/index.js';
import { lenientInt } from '../../python/index.js';

/* Fields that many rows have, with the leniency of the reference's own types. */

/** A text that may be missing or null. */
export const optionalText = z.string().nullish();

/** A number or a text that says which row it is. */
export const requiredId = z.union([z.number().int(), z.string(), z.boolean().transform(Number)]);

/** The same where it may be missing. */
export const rowId = requiredId.nullish();

/** A whole number, also as a text or as a number with nothing after the point; may be missing. */
export const taskId = z.union([z.null(), lenientInt]).optional();

/** What was asked, of rows whose verifier reads it too. */
export const rowRequest = z
  .looseObject({ input: z.union([z.string(), z.array(z.looseObject({}))]) })
  .transform((request) => request as unknown as ResponsesRequest);

/** Anything that is said of the row. */
export const rowMetadata = z.record(z.string(), z.unknown()).nullish();

/** Keys of the row that the verdict repeats; null where the row has none. */
export function repeated(row: Readonly<Record<string, unknown>>, ...keys: string[]): Record<string, unknown> {
  return Object.fromEntries(keys.map((key) => [key, row[key] ?? null]));
}

/** What stands under a key of the row's metadata, null too; else the fallback. */
export function ofMetadata(
  metadata: Readonly<Record<string, unknown>> | null | undefined,
  key: string,
  fallback: unknown,
): unknown {
  return metadata != null && Object.hasOwn(metadata, key) ? metadata[key] : fallback;
}
