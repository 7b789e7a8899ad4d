import { strip } from '../../../python/index.js';
import type { Lossless } from '../../../python/index.js';
import { readXml } from './expat.js';

interface Element {
  name: string;
  attributes: [string, string][];
  children: Map<string, Lossless>;
  text: string;
}

/**
 * An XML document as `xmltodict` gives it: an element is its text, or null, or a mapping of its attributes (`@name`),
 * children (lists where they repeat) and text (`#text`).
 */
export function parseXml(source: string): Lossless {
  const stack: Element[] = [{ name: '', attributes: [], children: new Map(), text: '' }];
  readXml(source, {
    open(name, attributes) {
      const named = attributes.map(([key, value]): [string, string] => [`@${key}`, value]);
      stack.push({ name, attributes: named, children: new Map(), text: '' });
    },
    text(text) {
      stack.at(-1)!.text += text;
    },
    close() {
      close(stack);
    },
  });
  return stack[0]!.children;
}

function close(stack: Element[]): void {
  const { name, attributes, children, text } = stack.pop()!;
  const words = strip(text);
  const parts = new Map<string, Lossless>([...attributes, ...children]);
  if (parts.size > 0 && words !== '') parts.set('#text', words);
  const value: Lossless = parts.size > 0 ? parts : words === '' ? null : words;
  const siblings = stack.at(-1)!.children;
  const before = siblings.get(name);
  if (before === undefined && !siblings.has(name)) siblings.set(name, value);
  else siblings.set(name, Array.isArray(before) ? [...before, value] : [before ?? null, value]);
}
