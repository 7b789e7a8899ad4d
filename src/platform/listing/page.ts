import type { Json, JsonObject } from '../../protocol/index.js';
import { integer, optional, type Field } from '../schema/index.js';

/** The parameters of a page, within the limits that all lists share. */
export function pageFields(size: number, max = 1000): { page: Field; page_size: Field } {
  return { page: optional(integer({ ge: 1 }), 1), page_size: optional(integer({ ge: 1, le: max }), size) };
}

export interface Page {
  readonly data: JsonObject[];
  readonly pagination: JsonObject;
}

/** Cuts one page out of a list, and says which. */
export function pageOf<T>(
  all: readonly T[],
  page: number,
  size: number,
  form: (item: T) => JsonObject,
): Page {
  const shown = all.slice((page - 1) * size, page * size);
  return {
    data: shown.map((item) => withoutNulls(form(item)) as JsonObject),
    pagination: {
      page,
      page_size: size,
      current_page_size: shown.length,
      total_pages: Math.ceil(all.length / size),
      total_results: all.length,
    },
  };
}

/** Lists leave out what is null, at any depth; single things carry it. */
export function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutNulls(item)]));
}
