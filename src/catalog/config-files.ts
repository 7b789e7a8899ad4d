import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

/** One server block of a config file, as written: interpolations stay text. */
export interface Block {
  instance: string;
  type: string;
  implementation: string;
  config: Record<string, unknown>;
}

export interface ConfigFile {
  path: string;
  /** What the selector flag takes: `mcqa`, or `inference_provider/together`. */
  selector: string;
  /** The comment that opens the file, as one text; null when there is none. */
  comment: string | null;
  blocks: Block[];
}

const SERVER_TYPES = new Set(['responses_api_models', 'resources_servers', 'responses_api_agents']);

/**
 * Config files of a folder such as `resources_servers` over all roots; where two roots have the same file the
 * first wins. `inConfigs` says where they lie: `<name>/configs/<flavor>.yaml`, else `<name>/config.yaml`.
 * A file that cannot be read as YAML is left out: listing must work beside a broken config.
 */
export function configFiles(roots: readonly string[], folder: string, inConfigs: boolean): ConfigFile[] {
  const found = new Map<string, ConfigFile>();
  for (const root of roots) {
    for (const { selector, file } of inConfigs ? flavors(root, folder) : nested(root, folder, '')) {
      const text = found.has(selector) ? undefined : read(file);
      if (text === undefined) continue;
      found.set(selector, { path: file, selector, comment: openingComment(text), blocks: blocks(text) });
    }
  }
  return [...found.values()].sort((a, b) => (a.selector < b.selector ? -1 : 1));
}

interface Place {
  selector: string;
  file: string;
}

function flavors(root: string, folder: string): Place[] {
  return folders(path.join(root, folder)).flatMap((name) => {
    const directory = path.join(root, folder, name, 'configs');
    return entries(directory)
      .filter((entry) => entry.endsWith('.yaml'))
      .map((entry) => ({
        selector: entry === `${name}.yaml` ? name : `${name}/${entry.slice(0, -'.yaml'.length)}`,
        file: path.join(directory, entry),
      }));
  });
}

/** `<name>/config.yaml` at any depth; other YAML files beside it are its flavors. */
function nested(root: string, folder: string, inside: string): Place[] {
  const directory = path.join(root, folder, inside);
  return folders(directory).flatMap((name) => {
    const selector = inside === '' ? name : `${inside}/${name}`;
    const here = entries(path.join(directory, name));
    if (!here.includes('config.yaml')) return nested(root, folder, selector);
    return here
      .filter((entry) => entry.endsWith('.yaml'))
      .map((entry) => ({
        selector: entry === 'config.yaml' ? selector : `${selector}/${entry.slice(0, -'.yaml'.length)}`,
        file: path.join(directory, name, entry),
      }));
  });
}

function folders(directory: string): string[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    return [];
  }
}

function entries(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function openingComment(text: string): string | null {
  const lines: string[] = [];
  for (const line of text.split('\n')) {
    if (!line.startsWith('#')) break;
    lines.push(line.replace(/^#\s?/, '').trim());
  }
  const comment = lines.join(' ').trim();
  return comment === '' ? null : comment;
}

function blocks(text: string): Block[] {
  let document: unknown;
  try {
    document = parse(text, { logLevel: 'silent' });
  } catch {
    return [];
  }
  return Object.entries(asObject(document)).flatMap(([instance, value]) =>
    Object.entries(asObject(value)).flatMap(([type, implementations]) =>
      SERVER_TYPES.has(type)
        ? Object.entries(asObject(implementations)).map(([implementation, config]) => ({
            instance,
            type,
            implementation,
            config: asObject(config),
          }))
        : [],
    ),
  );
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}
