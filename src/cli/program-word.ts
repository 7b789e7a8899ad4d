import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';

/**
 * How `ng` can be called from where the user is: `ng` where it is on the path, `npx ng` in a project that has it as
 * a dependency, else the file itself. `script` is the program that runs now, one of our folder `bin`.
 */
export function programWord(
  script: string | undefined,
  { cwd, env }: { cwd: string; env: Readonly<Record<string, string | undefined>> },
): string {
  const ng = script === undefined ? undefined : real(script);
  if (ng === undefined) return 'ng';
  const own = path.join(path.dirname(ng), 'ng.js');
  const isOwn = (file: string): boolean => real(file) === own;
  // npm puts the folders of dependencies on the path of its scripts; the user's shell does not have them.
  const folders = (env['PATH'] ?? '').split(path.delimiter);
  const local = path.join('node_modules', '.bin');
  if (folders.some((folder) => !folder.endsWith(local) && isOwn(path.join(folder, 'ng')))) return 'ng';
  if (upwards(cwd).some((folder) => isOwn(path.join(folder, local, 'ng')))) return 'npx ng';
  const relative = path.relative(cwd, own);
  const file = relative.startsWith('..') ? own : relative;
  return `node ${/\s/.test(file) ? JSON.stringify(file) : file}`;
}

/** Writes `ng <command>` in a text as the user can call it, so that it can be pasted. */
export function asCalled(text: string, word: string): string {
  if (word === 'ng') return text;
  return text.replace(/(?<![\w-])ng (?=(?:env|eval|dataset|list|search|dev|help|version)\b|--)/g, `${word} `);
}

function real(file: string): string | undefined {
  return existsSync(file) ? realpathSync(file) : undefined;
}

function upwards(folder: string): string[] {
  const parent = path.dirname(folder);
  return parent === folder ? [folder] : [folder, ...upwards(parent)];
}
