import type { Table } from './table.js';
import type { Given } from './values.js';

/** What the tools work on; each episode has one of its own. */
export interface Office {
  emails: Table;
  events: Table;
  tasks: Table;
  customers: Table;
  /** Files of plots, in the order in which they were made. */
  plots: readonly string[];
  /** Since all session times were averaged, they are numbers. */
  averaged: boolean;
  readonly visits: Table;
  readonly addresses: Table;
}

/** A tool: its parameters with their defaults, and what it does. Throws ToolFault where the reference's breaks. */
export interface OfficeTool {
  readonly takes: Given;
  run(office: Office, given: Given): unknown;
}

/** The tools of one desk: `owner` is what the reference calls it when it tells of a mistake. */
export interface Desk {
  readonly owner: string;
  readonly tools: Readonly<Record<string, OfficeTool>>;
}

/** A tool with parameters that all default to nothing, but for those of `defaults`. */
export function tool(names: readonly string[], run: OfficeTool['run'], defaults: Given = {}): OfficeTool {
  return { takes: { ...Object.fromEntries(names.map((name) => [name, null])), ...defaults }, run };
}
