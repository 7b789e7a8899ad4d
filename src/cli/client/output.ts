import { stringify } from 'yaml';
import { textTable } from '../text-table.js';

export const LIST_FORMATS = ['table', 'json', 'yaml', 'markdown', 'csv', 'raw'];
export const ITEM_FORMATS = ['json', 'yaml', 'raw'];

type Item = Readonly<Record<string, unknown>>;

const DEFAULT_COLUMNS = ['name', 'description', 'created_at'];
const CUT = 60;

/** One thing. Tables have no meaning for it: JSON in their place. */
export function itemText(item: unknown, format: string): string {
  if (format === 'yaml') return stringify(item);
  if (format === 'raw') return typeof item === 'string' ? `${item}\n` : `${JSON.stringify(item)}\n`;
  return `${JSON.stringify(item, null, 2)}\n`;
}

export interface ListOptions {
  readonly format: string;
  /** `all`, or names separated by commas; default: the usual ones. */
  readonly columns: string | undefined;
  readonly whole: boolean;
}

/** A page of things, or a bare list. */
export function listText(page: unknown, { format, columns, whole }: ListOptions): string {
  if (format === 'json' || format === 'yaml' || format === 'raw') return itemText(page, format);
  const items = itemsOf(page);
  const names = columnsOf(items, columns);
  const rows = items.map((item) => names.map((name) => cell(item[name], whole || format !== 'table')));
  if (format === 'csv') return [names, ...rows].map((row) => `${row.map(quoted).join(',')}\n`).join('');
  if (format === 'markdown') {
    const line = (row: readonly string[]): string =>
      `| ${row.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |\n`;
    return line(names) + line(names.map(() => '---')) + rows.map(line).join('');
  }
  return textTable(names, rows);
}

/** One line of JSON for each thing. */
export function linesText(page: unknown): string {
  return itemsOf(page)
    .map((item) => `${JSON.stringify(item)}\n`)
    .join('');
}

export function itemsOf(page: unknown): readonly Item[] {
  if (Array.isArray(page)) return page as Item[];
  const { data, models } = page as { data?: Item[]; models?: Item[] };
  return data ?? models ?? [];
}

function columnsOf(items: readonly Item[], asked: string | undefined): string[] {
  const all = [...new Set(items.flatMap((item) => Object.keys(item)))];
  if (asked === 'all') return all;
  if (asked !== undefined && asked !== 'default') return asked.split(',').map((name) => name.trim());
  const usual = DEFAULT_COLUMNS.filter((name) => all.includes(name));
  if (usual.length > 0 || all.length === 0) return all.length === 0 ? DEFAULT_COLUMNS : usual;
  return all;
}

function cell(value: unknown, whole: boolean): string {
  const text =
    value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  return whole || text.length <= CUT ? text : `${text.slice(0, CUT - 3)}...`;
}

function quoted(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
