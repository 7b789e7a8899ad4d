import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

const SPECIAL = /[*?[]/;

/** One segment of a pattern as a regular expression: `*`, `?`, `[abc]`, `[!a-c]`. Hidden files need a leading dot. */
function segmentPattern(segment: string): RegExp {
  const body = segment.replace(/\[!?[^\]]*\]|[*?]|[^*?[]+|\[/g, (part) => {
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    if (part.startsWith('[') && part.endsWith(']') && part.length > 2) {
      return part.replace(/^\[!/, '[^').replaceAll('\\', '\\\\');
    }
    return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${segment.startsWith('.') ? '' : '(?!\\.)'}${body}$`, 'u');
}

function entries(folder: string): { name: string; folder: boolean }[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).map((entry) => ({
      name: entry.name,
      folder: entry.isDirectory(),
    }));
  } catch {
    // A folder that cannot be read matches nothing, as in a shell.
    return [];
  }
}

function walk(folder: string, segments: readonly string[]): string[] {
  const [first, ...rest] = segments;
  if (first === undefined) return [folder];
  if (first === '**') {
    const below = entries(folder).filter((entry) => entry.folder && !entry.name.startsWith('.'));
    return [
      ...walk(folder, rest),
      ...below.flatMap((entry) => walk(path.join(folder, entry.name), segments)),
    ];
  }
  if (!SPECIAL.test(first)) {
    const next = path.join(folder, first);
    return existsSync(next) ? walk(next, rest) : [];
  }
  const pattern = segmentPattern(first);
  return entries(folder)
    .filter((entry) => pattern.test(entry.name) && (rest.length === 0 ? !entry.folder : true))
    .flatMap((entry) => walk(path.join(folder, entry.name), rest));
}

/** Files that match a shell pattern (`*`, `?`, `[…]`, `**` for folders), sorted, absolute. */
export function globFiles(pattern: string, cwd: string): string[] {
  const absolute = path.resolve(cwd, pattern);
  const { root } = path.parse(absolute);
  const segments = absolute.slice(root.length).split(path.sep);
  return [...new Set(walk(root, segments))].sort();
}
