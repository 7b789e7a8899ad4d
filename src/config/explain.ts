import { errors } from '../errors/index.js';
import { formatOrigin } from './origin.js';
import { isSecretPath, MASK, maskValues, maskUrls, shownScalar } from './redact/index.js';
import type { MapNode, Node, ScalarNode } from './tree/index.js';
import { child, eachScalar, Float, formatPath, lookup, splitPath } from './tree/index.js';

/**
 * The text behind `--explain`: the value at a path, where it came from, what it refers to, and what it
 * replaced, newest first. A mapping or list is explained value by value. Secrets are masked.
 */
export function explainPath(root: MapNode, text: string, secrets: readonly string[]): string {
  const path = splitPath(text);
  const node = lookup(root, path);
  if (node === undefined) throw unknownPath(root, path);
  const blocks: string[] = [];
  eachScalar(node, (leaf, below) => blocks.push(explainLeaf(root, leaf, [...path, ...below], secrets)), []);
  if (blocks.length === 0)
    blocks.push(`${text} = ${node.kind === 'map' ? '{}' : '[]'}\n${line('from', formatOrigin(node.origin))}`);
  return mask(blocks.join('\n'), secrets);
}

function unknownPath(root: MapNode, path: readonly string[]): Error {
  let parent: Node = root;
  const walked: string[] = [];
  for (const part of path) {
    const next = child(parent, part);
    if (next === undefined) break;
    walked.push(part);
    parent = next;
  }
  const known = parent.kind === 'map' ? [...parent.entries.keys()] : [];
  return errors.configKeyUnknown(path.join('.'), walked.join('.'), path[walked.length] ?? '', known);
}

function explainLeaf(
  root: MapNode,
  leaf: ScalarNode,
  path: readonly (string | number)[],
  secrets: readonly string[],
): string {
  const secret = isSecretPath(path.map(String));
  const written = leaf.written === undefined ? '' : `, written ${mask(leaf.written, secrets)}`;
  const lines = [
    `${formatPath(path)} = ${shownValue(secret, leaf, secrets)}`,
    line('from', formatOrigin(leaf.origin) + written),
  ];
  for (const [name, target] of references(root, leaf.written)) {
    const value =
      target.kind === 'scalar'
        ? shownValue(isSecretPath(name.split('.')), target, secrets)
        : `(${target.kind})`;
    lines.push(line('uses', `${name} = ${value}, from ${formatOrigin(target.origin)}`));
  }
  for (let old = leaf.previous; old !== undefined; old = old.previous) {
    const value = old.kind === 'scalar' ? shownValue(secret, old, secrets) : `(${old.kind})`;
    lines.push(line('replaced', `${value}, from ${formatOrigin(old.origin)}`));
  }
  return lines.join('\n');
}

function line(label: string, text: string): string {
  return `  ${label.padEnd(8)} ${text}`;
}

function shownValue(secret: boolean, node: Node, secrets: readonly string[]): string {
  const shown = shownScalar(secret, node, secrets);
  if (shown.kind !== 'scalar') return `(${shown.kind})`;
  if (shown.value instanceof Float) return shown.value.toString();
  return shown.value === MASK ? MASK : JSON.stringify(shown.value);
}

function mask(text: string, secrets: readonly string[]): string {
  return maskUrls(maskValues(text, secrets));
}

/** The absolute paths named in an interpolation, with what is there now. */
function references(root: MapNode, written: string | undefined): [string, Node][] {
  const names = [...(written ?? '').matchAll(/\$\{\s*(?:oc\.select:\s*)?([A-Za-z_][\w.-]*)\s*[,}]/g)].map(
    (m) => m[1]!,
  );
  return [...new Set(names)].flatMap((name) => {
    const target = lookup(root, splitPath(name));
    return target === undefined ? [] : [[name, target] as [string, Node]];
  });
}
