import type { Node, Path } from '../tree/index.js';
import { formatPath, fromPlain, scalar, scalarText, splitPath } from '../tree/index.js';
import type { Origin } from '../types.js';
import { readYaml } from '../yaml/index.js';

/** What a resolver may use. Arguments are already evaluated. */
export interface ResolverContext {
  readonly path: Path;
  readonly origin: Origin;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The node at a dotted path, relative with leading dots; undefined when it is not there. */
  select(path: string): Node | undefined;
  decode(text: string): Node;
  warn(message: string): void;
  fail(message: string, fix: string): never;
  /** Called with each variable that was read. */
  usedVariable(name: string, value: string): void;
}

type Resolver = (args: readonly Node[], context: ResolverContext) => Node;

/** OmegaConf's built-in resolvers. */
export const RESOLVERS: Readonly<Record<string, Resolver>> = {
  'oc.env': env,
  'oc.decode': (args, context) => {
    const [value] = args;
    if (value?.kind !== 'scalar' || (value.value !== null && typeof value.value !== 'string')) {
      return context.fail('oc.decode takes one text', 'Write ${oc.decode:${oc.env:NAME}}.');
    }
    return value.value === null ? value : context.decode(value.value);
  },
  'oc.select': (args, context) => {
    const found = context.select(text(args[0], 'oc.select', context));
    if (found !== undefined && !(found.kind === 'scalar' && found.value === '???')) return found;
    return args[1] ?? scalar(null, context.origin);
  },
  'oc.create': (args, context) => {
    const [value] = args;
    if (value === undefined) return context.fail('oc.create takes one value', 'Write ${oc.create:{a: 1}}.');
    if (value.kind !== 'scalar' || typeof value.value !== 'string') return value;
    return readYaml(value.value, context.origin.file ?? formatPath(context.path));
  },
  'oc.deprecated': (args, context) => {
    const key = text(args[0], 'oc.deprecated', context);
    const [, message] = args;
    const found = context.select(key) ?? missing(key, context);
    const shown = message?.kind === 'scalar' ? scalarText(message.value) : `use "${key}" instead`;
    context.warn(`"${formatPath(context.path)}" is deprecated: ${shown}.`);
    return found;
  },
  'oc.dict.keys': (args, context) => {
    const entries = mapping(args, 'oc.dict.keys', context);
    return fromPlain([...entries.keys()], context.origin);
  },
  'oc.dict.values': (args, context) => {
    const entries = mapping(args, 'oc.dict.values', context);
    return { kind: 'list', items: [...entries.values()], origin: context.origin };
  },
};

function env(args: readonly Node[], context: ResolverContext): Node {
  const name = text(args[0], 'oc.env', context);
  const value = context.env[name];
  if (value !== undefined) {
    context.usedVariable(name, value);
    return scalar(value, context.origin);
  }
  const fallback = args[1];
  if (fallback === undefined) {
    return context.fail(
      `the environment variable ${name} is not set`,
      `Run "export ${name}=<value>" first, or give a default: \${oc.env:${name},<default>}.`,
    );
  }
  if (fallback.kind !== 'scalar')
    return context.fail('oc.env takes text as its default', 'Quote the default.');
  // The reference turns a default into text, as a variable's value would be.
  return scalar(fallback.value === null ? null : scalarText(fallback.value), context.origin);
}

function text(node: Node | undefined, resolver: string, context: ResolverContext): string {
  if (node?.kind === 'scalar' && node.value !== null) return scalarText(node.value);
  return context.fail(`${resolver} needs a name`, `Write \${${resolver}:name}.`);
}

function mapping(
  args: readonly Node[],
  resolver: string,
  context: ResolverContext,
): ReadonlyMap<string, Node> {
  const [argument] = args;
  const key = argument?.kind === 'map' ? '' : text(argument, resolver, context);
  const node = argument?.kind === 'map' ? argument : (context.select(key) ?? missing(key, context));
  if (node.kind === 'map') return node.entries;
  return context.fail(`"${key}" is not a mapping`, `${resolver} takes the path of a mapping.`);
}

function missing(key: string, context: ResolverContext): never {
  return context.fail(`"${key}" is not set`, `Add it with ++${splitPath(key).join('.')}=<value>.`);
}
