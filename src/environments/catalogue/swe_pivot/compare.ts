import { characters, pythonRegex, SequenceMatcher, splitWords, strip } from '../../../python/index.js';
import { commandOf, editOf, linesOf, pathOf, textOf } from './action.js';
import type { Action } from './action.js';

/** How alike commands of a shell must be to be the same thing at all. */
const SAME_COMMAND = 0.3;
/** How much of the expected lines must be shown. */
const SAME_LINES = 0.8;
/** Longer texts are compared by so many characters. */
const COMPARED = 2000;
/** An edit of so many characters costs the whole of what its size may cost. */
const LARGE = 500;

const PATH = pythonRegex(String.raw`(?:^|[\s='"(])((?:/[\w._-]+)+|\.\.?/[\w._/-]+|[\w._-]+/[\w._/-]+)`);

const likeness = (a: string, b: string): number => {
  const [one, two] = [a, b].map((text) => characters(text).slice(0, COMPARED).join(''));
  return new SequenceMatcher(one!, two!).ratio();
};

/** The last parts of a path. */
const ending = (path: string, parts: number): string => strip(path, '/').split('/').slice(-parts).join('/');

const samePath = (one: string, two: string, parts: number): boolean =>
  one === '' || two === '' || ending(one, parts) === ending(two, parts);

/** The paths in a command, by their endings. */
function pathsIn(command: string): Set<string> {
  const paths = PATH.findAll(command).filter((path) => !path.startsWith('--') && characters(path).length > 2);
  return new Set(paths.map((path) => ending(path, 3)).filter((path) => path !== ''));
}

/** The program that a command calls, without its folder. */
const verbOf = (command: string): string => splitWords(command)[0]?.split('/').at(-1) ?? '';

function sameEdit(made: Action, wanted: Action): boolean {
  const [mine, theirs] = [textOf(made.args, 'command'), textOf(wanted.args, 'command')];
  if (mine !== theirs) return false;
  if (!samePath(pathOf(made.args), pathOf(wanted.args), 2)) return false;
  const [shown, lines] = mine === 'view' ? [linesOf(made.args), linesOf(wanted.args)] : [];
  if (shown === undefined || lines === undefined) return true;
  const both = Math.max(0, Math.min(shown[1], lines[1]) - Math.max(shown[0], lines[0]));
  return both / Math.max(1, lines[1] - lines[0]) >= SAME_LINES;
}

function sameCommand(made: Action, wanted: Action): boolean {
  const [mine, theirs] = [commandOf(made.args), commandOf(wanted.args)];
  if (mine === '' || theirs === '') return mine === theirs;
  const [verb, other] = [verbOf(mine), verbOf(theirs)];
  if (verb !== '' && other !== '' && verb !== other) return false;
  const [paths, others] = [pathsIn(mine), pathsIn(theirs)];
  if (paths.size > 0 && others.size > 0 && ![...paths].some((path) => others.has(path))) return false;
  return likeness(mine, theirs) >= SAME_COMMAND;
}

const looks = ({ kind }: Action): boolean => kind === 'search' || kind === 'read';

/** Whether two actions are about the same thing. Throws Incomparable for arguments that are none. */
export function sameTarget(made: Action, wanted: Action): boolean {
  if (made.kind === 'edit' && wanted.kind === 'edit') return sameEdit(made, wanted);
  if (made.kind === 'bash' && wanted.kind === 'bash') return sameCommand(made, wanted);
  if (looks(made) && looks(wanted)) return samePath(pathOf(made.args), pathOf(wanted.args), 3);
  return true;
}

/** As {@link likeness}; where one is empty, whether both are. */
const likenessOrNone = (one: string, two: string): number =>
  one === '' || two === '' ? Number(one === two) : likeness(one, two);

/** How alike the arguments of two actions are, 0 to 1; only edits and commands are compared. */
export function similarity({ kind, args }: Action, wanted: Action): number {
  if (kind === 'edit' && wanted.kind === 'edit') {
    const [old, fresh] = ['old_str', 'new_str'].map(
      (key) => [textOf(args, key), textOf(wanted.args, key)] as const,
    );
    const replaces = (side: 0 | 1): boolean => old![side] !== '' || fresh![side] !== '';
    if (replaces(0) && replaces(1)) return Math.min(likenessOrNone(...old!), likenessOrNone(...fresh!));
    return likenessOrNone(editOf(args), editOf(wanted.args));
  }
  if (kind === 'bash' && wanted.kind === 'bash')
    return likenessOrNone(commandOf(args), commandOf(wanted.args));
  return 1;
}

/** What the size of an edit costs, up to `most`. */
export function sizePenalty({ kind, args }: Action, most: number): number {
  const written = kind === 'edit' ? editOf(args) : '';
  return written === '' ? 0 : most * Math.min(characters(written).length / LARGE, 1);
}
