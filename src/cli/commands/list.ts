import path from 'node:path';
import { errors } from '../../errors/index.js';
import type { Component, ComponentKind } from '../../index.js';
import type { Run } from '../command.js';
import { EXIT } from '../exit-codes.js';
import type { Host } from '../host.js';
import { textTable } from '../text-table.js';

/** `ng list <kind> [name]`: what ships and what the search roots add. */
export const run: Run = async ({ command, positional, json, host }) => {
  const { listComponents } = await import('../../index.js');
  const kind = command.path[1] as ComponentKind;
  const components = await listComponents(kind, { cwd: host.cwd, env: host.env });
  if (positional !== undefined) {
    const found = named(components, positional);
    if (found === undefined) {
      throw errors.componentNotFound(
        kind,
        positional,
        components.map(({ row }) => String(row['name'])),
      );
    }
    host.stdout.write(json ? `${JSON.stringify(found.detail, null, 2)}\n` : describe(found));
    return EXIT.complete;
  }
  const rows = components.map(({ row }) => row);
  if (json) host.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  else if (rows.length === 0) host.stderr.write(await nothingFound(kind, host));
  else host.stdout.write(componentTable(rows));
  return EXIT.complete;
};

/** None is said, and where they would have been found. */
async function nothingFound(kind: ComponentKind, { cwd, env }: Host): Promise<string> {
  const { searchRoots } = await import('../../index.js');
  const folder = kind === 'resources-servers' ? 'resources_servers' : kind;
  const searched = (await searchRoots(cwd, env)).map((root) => `    ${path.join(root, folder)}\n`);
  const shipped = kind === 'benchmarks' ? 'none is shipped; ' : '';
  return `no ${kind} found: ${shipped}looked in\n${searched.join('')}  add a directory with --search-dir, e.g. a checkout of NeMo Gym\n`;
}

/** By whole name, or by its last part where only one ends so (`together`). */
function named(components: readonly Component[], name: string): Component | undefined {
  const names = components.filter(({ row }) => String(row['name']).endsWith(`/${name}`));
  return components.find(({ row }) => row['name'] === name) ?? (names.length === 1 ? names[0] : undefined);
}

/** Aligned columns, without those that hold nothing. */
export function componentTable(rows: readonly Component['row'][]): string {
  const columns = Object.keys(rows[0] ?? {}).filter((key) => rows.some((row) => text(row[key]) !== ''));
  return textTable(
    columns,
    rows.map((row) => columns.map((key) => text(row[key]))),
  );
}

function describe({ detail }: Component): string {
  const { name, type, domain, description, details, usage_example: usage } = detail;
  const lines = [`${name} (${type})`];
  if (description !== null) lines.push(`  ${description}`);
  if (domain !== null) lines.push(`  domain: ${domain}`);
  for (const [key, value] of Object.entries(details)) lines.push(`  ${key}: ${text(value)}`);
  return [...lines, '', `  ${usage}`, ''].join('\n');
}

function text(value: string | number | boolean | null | string[] | undefined): string {
  if (value === null || value === undefined) return '';
  return Array.isArray(value) ? value.join(', ') : String(value);
}
