import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { errors } from '../../errors/index.js';
import { isObject } from '../../protocol/index.js';
import { formatPython, FormatError, strip, stringLiteral, StringLiteralError } from '../../python/index.js';
import { CallFailure } from '../../protocol/index.js';
import type { EnvironmentSetup } from '../kit/definition.js';

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
   * `text`: the whole file, white space around it dropped; `whole`: as it is. `key`: a key of a YAML file. `after`: a string literal of a
   * Python source, the first after all of these texts, each looked for behind the one before it.
   */
  readonly read: 'text' | 'whole' | { readonly key: string } | { readonly after: readonly string[] };
}

/** The places of a file that a server's block names, in order. */
function candidates({ server, file }: PromptPlace, roots: readonly string[]): string[] {
  if (path.isAbsolute(file)) return [file];
  return roots.flatMap((root) => [
    path.resolve(root, 'resources_servers', server, file),
    path.resolve(root, file),
  ]);
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
  const text = texts.get(name) ?? readPrompt(place, services.roots ?? [process.cwd()]);
  texts.set(name, text);
  services.onText?.(placeName(place), text);
  return text;
}

function readPrompt(place: PromptPlace, roots: readonly string[]): string {
  const { server, file, read } = place;
  const places = candidates(place, roots);
  const found = places.find((candidate) => existsSync(candidate));
  if (found === undefined) throw errors.promptNotFound(server, file, places);
  const content = readFileSync(found, 'utf8');
  if (read === 'text') return strip(content);
  if (read === 'whole') return content;
  const problem = (reason: string): Error => errors.promptUnreadable(server, found, reason);
  return 'key' in read ? yamlText(content, read.key, problem) : literalAfter(content, read.after, problem);
}

function yamlText(content: string, key: string, problem: (reason: string) => Error): string {
  let parsed: unknown;
  try {
    parsed = parse(content, { version: '1.1' });
  } catch (error) {
    throw problem((error as Error).message);
  }
  const text = isObject(parsed) ? parsed[key] : undefined;
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
