import { readFileSync } from 'node:fs';
import path from 'node:path';
import { REPOSITORY } from './build.js';

/** A fenced block of a page. */
export interface Fence {
  /** Of the page, relative to the repository. */
  file: string;
  /** Of the opening fence, from 1. */
  line: number;
  /** First word after the fence, e.g. `yaml`; empty when there is none. */
  language: string;
  /** The words after it, e.g. `no-run`. */
  marks: readonly string[];
  /** The heading that it stands under, with its hashes; empty before the first. */
  heading: string;
  text: string;
}

/** Every fenced block of a page, also an indented one (in a list), in order. `file` is relative to the repository. */
export function fences(file: string): Fence[] {
  const lines = readFileSync(path.join(REPOSITORY, file), 'utf8').split('\n');
  const found: Fence[] = [];
  let heading = '';
  for (let at = 0; at < lines.length; at += 1) {
    if (/^#+ /.test(lines[at]!)) heading = lines[at]!;
    const [, indent = '', fence, info = ''] = /^( *)(```+)(.*)$/.exec(lines[at]!) ?? [];
    if (fence === undefined) continue;
    const [language = '', ...marks] = info.trim().split(/\s+/);
    const line = at + 1;
    const text: string[] = [];
    for (at += 1; at < lines.length && lines[at]!.trim() !== fence; at += 1) {
      text.push(lines[at]!.slice(indent.length));
    }
    if (at === lines.length) throw new Error(`${file}:${line}: the block is not closed`);
    found.push({ file, line, language, marks, heading, text: `${text.join('\n')}\n` });
  }
  return found;
}
