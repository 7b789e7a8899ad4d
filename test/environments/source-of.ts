import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const SRC = path.resolve(import.meta.dirname, '../../src');

/** `import { a, b as c } from './x.js'` and the same with `export`; types do not bear on a verdict. */
const NAMED = /^(import|export)\s+(?!type\b)\{([^}]*)\}\s+from\s+'(\.[^']+)';/gm;
const ALL = /^export\s+\*\s+from\s+'(\.[^']+)';/gm;

const IMPORTS = /^import\b[^;]*;\n/gm;

/** The machinery that environments are made with; a change of it concerns no verifier in particular. */
const MACHINERY = [
  'environments/kit/define-environment.ts',
  'environments/kit/definition.ts',
  'environments/kit/environment-spec.ts',
  'protocol/failure.ts',
];

const fileOf = (specifier: string, from: string): string =>
  path.resolve(path.dirname(from), specifier.replace(/\.js$/, '.ts'));

function names(list: string): string[] {
  return list
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '' && !part.startsWith('type '))
    .map((part) => part.split(/\s+as\s+/)[0]!);
}

/** The file in which an index finds a name; the index itself when it is none. */
function origin(file: string, name: string): string {
  if (path.basename(file) !== 'index.ts') return file;
  const text = readFileSync(file, 'utf8');
  for (const [, , list, specifier] of text.matchAll(NAMED)) {
    if (names(list!).includes(name)) return origin(fileOf(specifier!, file), name);
  }
  for (const [, specifier] of text.matchAll(ALL)) {
    const target = origin(fileOf(specifier!, file), name);
    if (
      new RegExp(`export (?:async )?(?:function|const|class) ${name}\\b`).test(readFileSync(target, 'utf8'))
    )
      return target;
  }
  return file;
}

/** The files of ours that an environment's verdicts come from, by their path in `src/`, in ascending order. */
export function sourceOf(environment: string): string[] {
  const found = new Set<string>();
  const queue = [path.join(SRC, 'environments/catalogue', environment, 'environment.ts')];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (found.has(file) || MACHINERY.includes(path.relative(SRC, file))) continue;
    found.add(file);
    for (const [, , list, specifier] of readFileSync(file, 'utf8').matchAll(NAMED)) {
      for (const name of names(list!)) queue.push(origin(fileOf(specifier!, file), name));
    }
  }
  return [...found].map((file) => path.relative(SRC, file)).sort();
}

/** Of what the files say, wherever they lie: a move changes no reward. */
export function digestOf(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) {
    const text = readFileSync(path.join(SRC, file), 'utf8').replaceAll(IMPORTS, '');
    hash.update(`${path.basename(file)}\n${text}\n`);
  }
  return hash.digest('hex');
}
