import type { Node, Path } from '../tree/index.js';
import { formatPath, fromPlain, scalar, scalarText, splitPath } from '../tree/index.js';
import type { Origin } from '../types.js';
import { readYaml } from '../yaml/index.js';
import { nodeText } from './text.js';

/** What a resolver may use. Arguments are already evaluated. */
export interface ResolverContext {
  readonly path: Path;
  readonly origin: Origin;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The node at a dotted path, relative with leading dots; undefined when it is not there. */
  select(path: string): Node | undefined;
  /** As `select`, without computing what is in a mapping or list. */
  container(path: string): Node | undefined;
  decode(text: string): Node;
  warn(message: string): void;
  fail(message: string, fix: string): never;
  /** Called with each variable that was read. */
  usedVariable(name: string, value: string): void;
}

type Resolver = (args: readonly Node[], context: ResolverContext) => Node;

/** OmegaConf's built-in resolvers. */
const RESOLVERS: Readonly<Record<string, Resolver>> = {
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
    if (value.kind !== 'scalar' || value.value === null) return value;
    if (typeof value.value !== 'string') {
      const fix = 'Write ${oc.create:{a: 1}}; for one number or flag write it without oc.create.';
      return context.fail('oc.create makes a mapping or list, not a number or flag', fix);
    }
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
    const entries = mapping(args, 'oc.dict.keys', context, (path) => context.container(path));
    return fromPlain([...entries.keys()], context.origin);
  },
  'oc.dict.values': (args, context) => {
    const entries = mapping(args, 'oc.dict.values', context, (path) => context.select(path));
    return { kind: 'list', items: [...entries.values()], origin: context.origin };
  },
};

const MOST_ARGUMENTS: Readonly<Record<string, number>> = { 'oc.env': 2, 'oc.select': 2, 'oc.deprecated': 2 };

export const RESOLVER_NAMES = Object.keys(RESOLVERS);

export function isResolver(name: string): boolean {
  return Object.hasOwn(RESOLVERS, name);
}

/** What a resolver gives. Refuses more arguments than it takes: a comma in a text has to be quoted. */
export function callResolver(name: string, args: readonly Node[], context: ResolverContext): Node {
  const most = MOST_ARGUMENTS[name] ?? 1;
  if (args.length > most) {
    const takes = most === 1 ? 'one argument' : `at most ${most} arguments`;
    return context.fail(`${name} takes ${takes}, not ${args.length}`, 'Quote a text that holds a comma.');
  }
  return RESOLVERS[name]!(args, context);
}

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
  // The reference turns a default into text, as a variable's value would be.
  const absent = fallback.kind === 'scalar' && fallback.value === null;
  return scalar(absent ? null : nodeText(fallback), context.origin);
}

function text(node: Node | undefined, resolver: string, context: ResolverContext): string {
  if (node?.kind === 'scalar' && node.value !== null) return scalarText(node.value);
  return context.fail(`${resolver} needs a name`, `Write \${${resolver}:name}.`);
}

function mapping(
  args: readonly Node[],
  resolver: string,
  context: ResolverContext,
  look: (path: string) => Node | undefined,
): ReadonlyMap<string, Node> {
  const [argument] = args;
  const key = argument?.kind === 'map' ? '' : text(argument, resolver, context);
  const node = argument?.kind === 'map' ? argument : (look(key) ?? missing(key, context));
  if (node.kind === 'map') return node.entries;
  return context.fail(`"${key}" is not a mapping`, `${resolver} takes the path of a mapping.`);
}

function missing(key: string, context: ResolverContext): never {
  return context.fail(`"${key}" is not set`, `Add it with ++${splitPath(key).join('.')}=<value>.`);
}
