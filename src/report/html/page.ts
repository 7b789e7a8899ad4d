import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { escapeText } from './embed.js';

const ASSETS = new URL('../../../data/report/', import.meta.url);

/** The page's modules in an order in which each comes after what it imports. */
const MODULES = [
  'format.js',
  'dom.js',
  'store.js',
  'charts.js',
  'summary.js',
  'conversation.js',
  'detail.js',
  'table.js',
  'app.js',
];

/** What stands before and after the data. */
export interface Page {
  head: string;
  tail: string;
}

const asset = (name: string): Promise<string> => readFile(new URL(name, ASSETS), 'utf8');

/** The page's ES modules as one: they share a scope, so imports of each other fall away. */
async function script(): Promise<string> {
  const sources = await Promise.all(MODULES.map(asset));
  return sources
    .map((source) => source.replaceAll(/^import [^;]*;\n/gm, '').replaceAll(/^export (?=\w)/gm, ''))
    .join('\n');
}

const digest = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/**
 * The report's page with style and script inside. Its policy forbids every connection and every script and style but
 * these two, by their digests.
 */
export async function loadPage(title: string): Promise<Page> {
  const [template, style, code] = await Promise.all([asset('page.html'), asset('page.css'), script()]);
  const policy = [
    "default-src 'none'",
    `script-src ${digest(code)}`,
    `style-src ${digest(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const values: Record<string, string> = { POLICY: policy, STYLE: style, SCRIPT: code };
  values.TITLE = escapeText(title);
  const [head = '', tail = ''] = template
    .split('{{DATA}}')
    .map((half) => half.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => values[name]!));
  return { head, tail };
}
