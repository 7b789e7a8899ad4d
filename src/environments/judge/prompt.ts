import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { errors } from '../../errors/index.js';
import { isObject } from '../../protocol/index.js';
import { formatPython, FormatError, strip, stringLiteral, StringLiteralError } from '../../python/index.js';
import { CallFailure } from '../../protocol/index.js';
import type { EnvironmentSetup } from '../kit/definition.js';
import { placesOf } from '../kit/server-file.js';

/*
 * A judge's prompt is read from where the user has it: from NeMo Gym's own files (its package installed, its wheel
 * unpacked), or from a file of the user's. None is part of this project but those named "ngym_…", which are our own.
 */

/** Where a prompt stands. Files are looked for in the server's folder of each search root, then in the root itself. */
export interface PromptPlace {
  /** Implementation name of the server, e.g. `simpleqa`. */
  readonly server: string;
  readonly file: string;
  /**
   * `text`: the whole file, white space around it dropped; `whole`: as it is. `key`: a key of a YAML file, or two, one in
   * the other; "" where an `optional` one is missing. `after`: a string literal of a
   * Python source, the first after all of these texts, each looked for behind the one before it.
   */
  readonly read:
    | 'text'
    | 'whole'
    | { readonly key: string; readonly within?: string; readonly optional?: boolean }
    | { readonly after: readonly string[] };
}

/** One prompt is read once in the life of an environment, whose configuration is one object. */
const known = new WeakMap<object, Map<string, string>>();

/** How a place is called: the file, and what of it. */
function placeName({ file, read }: PromptPlace): string {
  if (typeof read === 'string') return file;
  return `${file} (${'key' in read ? read.key : read.after.map((mark) => mark.trim()).join(' … ')})`;
}

/** The text of a prompt. Throws NgError where it cannot be had. */
export function promptAt({ config, services }: EnvironmentSetup, place: PromptPlace): string {
  const texts = known.get(config as object) ?? new Map<string, string>();
  known.set(config as object, texts);
  const name = JSON.stringify(place);
  const text = texts.get(name) ?? readPrompt(place, services.roots);
  texts.set(name, text);
  services.onText?.(placeName(place), text);
  return text;
}

function readPrompt(place: PromptPlace, roots: readonly string[] | undefined): string {
  const { server, file, read } = place;
  const places = placesOf(server, file, roots);
  const found = places.find((candidate) => existsSync(candidate));
  if (found === undefined) throw errors.promptNotFound(server, file, places);
  // Python reads text files with one kind of line end.
  const content = readFileSync(found, 'utf8').replace(/\r\n?/g, '\n');
  if (read === 'text') return strip(content);
  if (read === 'whole') return content;
  const problem = (reason: string): Error => errors.promptUnreadable(server, found, reason);
  return 'key' in read ? yamlText(content, read, problem) : literalAfter(content, read.after, problem);
}

function yamlText(
  content: string,
  { key, within, optional = false }: { key: string; within?: string; optional?: boolean },
  problem: (reason: string) => Error,
): string {
  let parsed: unknown;
  try {
    parsed = parse(content, { version: '1.1' });
  } catch (error) {
    throw problem((error as Error).message);
  }
  const mapping = within === undefined || !isObject(parsed) ? parsed : parsed[within];
  const text = isObject(mapping) ? mapping[key] : undefined;
  if (optional && text == null) return '';
  if (typeof text !== 'string') throw problem(`it has no text under "${key}"`);
  return text;
}

function literalAfter(source: string, marks: readonly string[], problem: (reason: string) => Error): string {
  let at = 0;
  for (const mark of marks) {
    const found = source.indexOf(mark, at);
    if (found === -1) throw problem(`there is no "${mark.trim()}" in it`);
    at = found + mark.length;
  }
  try {
    return stringLiteral(source, at);
  } catch (error) {
    if (error instanceof StringLiteralError) throw problem(error.message);
    throw error;
  }
}

/** `str.format` with these fields. Throws CallFailure `verify_failed` for a prompt that asks for another field. */
export function fillPrompt(prompt: string, fields: Readonly<Record<string, string>>): string {
  try {
    return formatPython(prompt, new Map(Object.entries(fields)));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new CallFailure('verify_failed', `The judge's prompt cannot be filled in: ${error.message}`);
  }
}
