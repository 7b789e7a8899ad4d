import { z } from 'zod';
import { isObject } from '../../../protocol/index.js';
import {
  asLossless,
  JsonNumber,
  lenientInt,
  plainJson,
  tryLoadsJson,
  writeCompact,
} from '../../../python/index.js';
import type { Lossless } from '../../../python/index.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import type { EnvironmentSetup } from '../../kit/definition.js';
import { functionCalls } from '../../kit/function-calls.js';
import { serverFile } from '../../kit/server-file.js';
import { TOOL_NAMES, useTool } from './desks.js';
import type { Office } from './office.js';
import { Table } from './table.js';
import { ToolFault } from './values.js';

const config = z.object({ tables_path: z.string().default('csv_data') });
type Config = z.infer<typeof config>;

/** Tables by what their files say: those of NeMo Gym are large, and the same for every server. */
const tables = new Map<string, Table>();

function tableOf(csv: string, names?: readonly string[]): Table {
  const table = tables.get(csv) ?? Table.read(csv, names);
  tables.set(csv, table);
  return table;
}

/** What every episode begins with; the files are read once. */
const offices = new WeakMap<object, Office>();

function newOffice(setup: EnvironmentSetup<Config>): Office {
  const read = (file: string, names?: readonly string[]): Table =>
    tableOf(serverFile(setup, 'workplace_assistant', `${setup.config.tables_path}/${file}.csv`), names);
  const office = offices.get(setup.config) ?? {
    emails: read('processed/emails'),
    events: read('processed/calendar_events'),
    tasks: read('processed/project_tasks'),
    customers: read('processed/customer_relationship_manager_data'),
    visits: read('processed/analytics_data'),
    addresses: read('raw/email_addresses', ['email_address']),
    plots: [],
    averaged: false,
  };
  offices.set(setup.config, office);
  return { ...office };
}

/** What the model reads: the tool's result, or what went wrong. Arguments that are null count as not given. */
function answer(office: Office, name: string, args: unknown): string {
  const given = Object.entries(isObject(args) ? args : {}).filter(([, value]) => value !== null);
  try {
    return told(useTool(office, name, Object.fromEntries(given)));
  } catch (error) {
    if (!(error instanceof ToolFault)) throw error;
    return told(`Error executing tool '${name}': ${error.message}`);
  }
}

const told = (result: unknown): string => writeCompact(new Map([['output', lossless(result)]]));

function lossless(value: unknown): Lossless {
  if (value instanceof JsonNumber) return value;
  if (Array.isArray(value)) return value.map(lossless);
  if (!isObject(value)) return asLossless(value);
  return new Map(Object.entries(value).map(([key, item]) => [key, lossless(item)]));
}

/** The office after these calls; what cannot be done is left out. */
function after(office: Office, calls: readonly { name?: string; arguments?: string }[]): Office {
  for (const { name, arguments: text } of calls) {
    const args = plainJson(tryLoadsJson(text ?? '') ?? null);
    if (name === undefined || !isObject(args)) continue;
    try {
      useTool(office, name, args);
    } catch (error) {
      if (!(error instanceof ToolFault)) throw error;
    }
  }
  return office;
}

function same(one: Office, two: Office): boolean {
  const names = ['emails', 'events', 'tasks', 'customers'] as const;
  const plots = (office: Office): string => JSON.stringify(office.plots).toLowerCase();
  return names.every((name) => one[name].same(two[name])) && plots(one) === plots(two);
}

const call = z.record(z.string(), z.string());

/** An office with tools for its mail, calendar, tasks, customers and visitors, to be left in the right state. */
export const workplaceAssistant = defineEnvironment({
  name: 'workplace_assistant',
  version: 1,
  reverifyMode: 'stateless',
  config,
  row: z.object({
    ground_truth: z.union([z.array(call), z.string()]),
    id: lenientInt,
    category: z.string(),
    environment_name: z.string(),
  }),
  prepare: newOffice,
  open: (_row, setup) => newOffice(setup),
  tools: Object.fromEntries(
    TOOL_NAMES.map((name) => [name, { run: (office: Office, args: unknown) => answer(office, name, args) }]),
  ),
  anyTool: answer,
  verify({ row, response, ...setup }) {
    const wanted = typeof row.ground_truth === 'string' ? [] : row.ground_truth;
    const right = same(after(newOffice(setup), functionCalls(response)), after(newOffice(setup), wanted));
    return { reward: Number(right) };
  },
});
