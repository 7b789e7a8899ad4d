import { customers } from './customers.js';
import { emails } from './emails.js';
import { events } from './events.js';
import type { Desk, Office } from './office.js';
import { tasks } from './tasks.js';
import { containing, lowered, ToolFault } from './values.js';
import type { Given } from './values.js';
import { visits } from './visits.js';
import { tool } from './office.js';

const addresses: Desk = {
  owner: 'CompanyDirectoryTool',
  tools: {
    find_email_address: tool(
      [],
      (office, { name }) => {
        if (name === '') return 'Name not provided.';
        const found = containing(office.addresses.records, lowered(name), 'email_address');
        return found.map(({ email_address: address }) => address);
      },
      { name: '' },
    ),
  },
};

const DESKS: Readonly<Record<string, Desk>> = {
  company_directory: addresses,
  email: emails,
  calendar: events,
  analytics: visits,
  project_management: tasks,
  customer_relationship_manager: customers,
};

const TOOLS = new Map(
  Object.entries(DESKS).flatMap(([desk, { owner, tools }]) =>
    Object.entries(tools).map(([name, one]) => [`${desk}_${name}`, { ...one, called: `${owner}.${name}()` }]),
  ),
);

export const TOOL_NAMES: readonly string[] = [...TOOLS.keys()];

/** What a tool says. Throws {@link ToolFault} for another tool, and where it breaks. */
export function useTool(office: Office, name: string, given: Given): unknown {
  const found = TOOLS.get(name);
  if (found === undefined) throw new ToolFault(`'${name}'`);
  const { takes, called } = found;
  const other = Object.keys(given).find((key) => !Object.hasOwn(takes, key));
  if (other !== undefined) throw new ToolFault(`${called} got an unexpected keyword argument '${other}'`);
  return found.run(office, { ...takes, ...given });
}
