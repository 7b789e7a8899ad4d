import type { JsonObject } from '../../protocol/index.js';
import { textOf } from '../registry/index.js';

/** `name`, `-created_at`: sorts without moving what is equal; a minus turns the order of everything round. */
export function sorted<T>(items: readonly T[], sort: string, form: (item: T) => JsonObject): T[] {
  const key = sort.replace(/^-/, '');
  const keyed = items.map((item) => ({ item, by: textOf(form(item), key) }));
  const ordered = keyed.sort((a, b) => (a.by < b.by ? -1 : a.by > b.by ? 1 : 0)).map(({ item }) => item);
  return sort.startsWith('-') ? ordered.reverse() : ordered;
}

/** The words of a `sort` parameter, both ways round. */
export function sortWords(...keys: string[]): string[] {
  return keys.flatMap((key) => [key, `-${key}`]);
}
