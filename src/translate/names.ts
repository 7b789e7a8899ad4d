import { createHash } from 'node:crypto';
import type { CallEntry, ToolForm } from './form.js';

/** What a provider accepts as a tool's name. */
export interface NameRule {
  /** Characters outside this class are replaced; a regular expression class such as `a-zA-Z0-9_-`. */
  allowed: string;
  max: number;
}

/** The two-way mapping of the tool names of one request; the same request gives the same names. */
export interface ToolNames {
  /** What the upstream is told. */
  toWire(name: string, namespace?: string): string;
  /** What the client called it: the tool as declared, or undefined for a name that was never declared. */
  fromWire(wire: string): ToolForm | undefined;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

function shape(name: string, rule: NameRule | undefined): string {
  if (rule === undefined) return name;
  const legal = name.replace(new RegExp(`[^${rule.allowed}]`, 'gu'), '_');
  if (legal === name && name.length <= rule.max) return name;
  return `${legal.slice(0, rule.max - 9)}_${digest(name)}`;
}

/** Names of namespaced tools are `<namespace>__<name>`; illegal or long names get a short digest at the end. */
export function toolNames(tools: readonly ToolForm[], rule?: NameRule): ToolNames {
  const byWire = new Map<string, ToolForm>();
  const toWire = (name: string, namespace?: string): string =>
    shape(namespace === undefined ? name : `${namespace}__${name}`, rule);
  for (const tool of tools) byWire.set(toWire(tool.name, tool.namespace), tool);
  return { toWire, fromWire: (wire) => byWire.get(wire) };
}

/** The single text inside the arguments of a custom tool that was sent as a function. */
function customInput(args: string): string {
  try {
    const parsed: unknown = JSON.parse(args);
    const input =
      typeof parsed === 'object' && parsed !== null ? (parsed as { input?: unknown }).input : undefined;
    return typeof input === 'string' ? input : args;
  } catch {
    return args;
  }
}

/** A call of a reply as the client declared the tool: its name, its namespace, and custom tools as such. */
export function restoreCall(entry: CallEntry, names: ToolNames): CallEntry {
  const tool = names.fromWire(entry.name);
  if (tool === undefined) return entry;
  const restored: CallEntry = { ...entry, name: tool.name };
  if (tool.namespace !== undefined) restored.namespace = tool.namespace;
  if (tool.kind === 'custom' && entry.custom !== true) {
    restored.custom = true;
    restored.arguments = customInput(entry.arguments);
  }
  return restored;
}
