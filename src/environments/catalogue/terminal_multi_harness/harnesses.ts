import {
  isTrue,
  lower,
  plainJson,
  pythonEqual,
  SequenceMatcher,
  strip,
  writePython,
} from '../../../python/index.js';
import type { Lossless } from '../../../python/index.js';
import { CATEGORY } from './categories.js';
import type { Category, Compared } from './categories.js';

export type Arguments = ReadonlyMap<string, Lossless>;

/** Compares the arguments of a tool: those of the expert, those of the model, and how alike texts must be. */
type Comparison = (wanted: Arguments, given: Arguments, least: number) => Compared;

const right: Compared = { category: CATEGORY.call };
const wrong: Compared = { category: CATEGORY.value };

/** What is not there is equal to null. */
const equal = (one: Lossless | undefined, two: Lossless | undefined): boolean =>
  pythonEqual(plainJson(one ?? null), plainJson(two ?? null));

const both = (name: string, wanted: Arguments, given: Arguments) =>
  [wanted.get(name), given.get(name)] as const;

function alike(one: string, two: string, least: number, otherwise: Category): Compared {
  const similarity = new SequenceMatcher(one, two).ratio();
  return { category: similarity < least ? otherwise : CATEGORY.call, similarity };
}

/** The arguments with these names are equal. */
const same =
  (...names: string[]): Comparison =>
  (wanted, given) =>
    names.every((name) => equal(...both(name, wanted, given))) ? right : wrong;

const command = (text: string): string => strip(text.replaceAll('\r\n', '\n').replaceAll('\r', '\n'));

/** A command that is nearly the same. */
const shell =
  (name: string, missing: Category, otherwise: Category): Comparison =>
  (wanted, given, least) => {
    const [one, two] = both(name, wanted, given);
    if (typeof one !== 'string' || typeof two !== 'string') return { category: missing };
    return alike(command(one), command(two), least, otherwise);
  };

const exec = shell('cmd', CATEGORY.execMissing, CATEGORY.exec);

/** A plan is there; a number or a truth value counts as one. */
const plan: Comparison = (_wanted, given) => {
  const made = given.get('plan') ?? null;
  const isCollection = Array.isArray(made) || made instanceof Map;
  const says = typeof made === 'string' ? strip(made) !== '' : isCollection ? isTrue(made) : made !== null;
  return says ? right : { category: CATEGORY.plan };
};

const python: Comparison = (wanted, given, least) => {
  const isCode = (code: unknown): code is string => typeof code === 'string' && strip(code) !== '';
  const [one, two] = both('code', wanted, given);
  return isCode(one) && isCode(two) ? alike(one, two, least, CATEGORY.python) : wrong;
};

const json = (value: Lossless | undefined): string => writePython(value ?? null, { sorted: true });

const result: Comparison = (wanted, given, least) =>
  alike(json(wanted.get('result')), json(given.get('result')), least, CATEGORY.result);

const todos: Comparison = (wanted, given) => {
  const [list, other] = both('todos', wanted, given);
  if (Array.isArray(list) && list.length === 0) return equal(list, other) ? right : wrong;
  if (!Array.isArray(list) || !Array.isArray(other)) return { category: CATEGORY.todos };
  const fits = list.every((todo, at) => {
    const made = other[at];
    return todo instanceof Map && made instanceof Map && same('status', 'priority')(todo, made, 0) === right;
  });
  return fits && list.length === other.length ? right : wrong;
};

const edit: Comparison = (wanted, given, least) =>
  equal(given.get('oldString'), given.get('newString'))
    ? wrong
    : same('filePath', 'replaceAll')(wanted, given, least);

const plain = (text: string): string => strip(lower(text));
const says = (value: unknown): value is string => typeof value === 'string' && value !== '';

const search: Comparison = (wanted, given, least) => {
  const [one, two] = both('query', wanted, given);
  if (!says(one) || !says(two)) return { category: CATEGORY.searchMissing };
  return alike(plain(one), plain(two), least, CATEGORY.search);
};

const fetched: Comparison = (wanted, given) => {
  const [one, two] = both('url', wanted, given);
  if (!says(one) || !says(two)) return { category: CATEGORY.urlMissing };
  return plain(one) === plain(two) ? right : { category: CATEGORY.url };
};

const finish: Comparison = (wanted, given, least) => {
  const [reason, other] = both('reason', wanted, given);
  if (!says(reason) || !says(other)) return { category: CATEGORY.reasonMissing };
  const [paths, others] = both('paths', wanted, given).map(pathsOf);
  if (paths === undefined || others === undefined) return { category: CATEGORY.pathsMissing };
  if (!pythonEqual(paths, others)) return { category: CATEGORY.paths };
  return alike(plain(other), plain(reason), least, CATEGORY.reason);
};

/** Paths in order, without white space around them; undefined where there are none. */
function pathsOf(given: Lossless | undefined): string[] | undefined {
  const paths = Array.isArray(given) ? given : [];
  if (paths.length === 0 || !paths.every((path) => typeof path === 'string')) return undefined;
  return paths.map((path) => strip(path)).sort();
}

/** What counts in the tools of each program that agents run in; of other tools only the names of arguments do. */
export const HARNESSES: Readonly<Record<string, Readonly<Record<string, Comparison>>>> = {
  codex: { exec_command: exec, update_plan: plan },
  agent006: { execute_python: python, return_result: result },
  opencode: {
    bash: shell('command', CATEGORY.bashMissing, CATEGORY.bash),
    todowrite: todos,
    read: same('filePath'),
    write: same('filePath'),
    edit,
    glob: same('pattern', 'path'),
    grep: same('pattern', 'path', 'include'),
    webfetch: same('url', 'format'),
    skill: same('name'),
    task: same('subagent_type'),
  },
  stirrup: { code_exec: exec, web_search: search, fetch_web_page: fetched, finish },
};
