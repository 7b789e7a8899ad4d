import { lower, pythonRegex, typeName } from '../../../python/index.js';
import { asText } from '../../kit/as-text.js';
import { tool } from './office.js';
import type { Desk, Office } from './office.js';
import { containing, lacking, lowered, noneOf, ToolFault } from './values.js';
import type { Given } from './values.js';

const LISTS = ['Backlog', 'In Progress', 'In Review', 'Completed'];
const BOARDS = ['Back end', 'Front end', 'Design'];
const FIELDS = ['task_name', 'assigned_to_email', 'list_name', 'due_date', 'board'];
const ADDRESS = pythonRegex(String.raw`^[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}$`);

const oneOf = (what: string, names: readonly string[]): string =>
  `${what} not valid. Please choose from: ${names.map((name) => `'${name}'`).join(', ')}.`;

const isMember = ({ tasks }: Office, email: string): boolean =>
  tasks.records.some(({ assigned_to_email: one }) => typeof one === 'string' && lower(one) === email);

const NO_MEMBER = 'Assignee email not valid. Please choose from the list of team members.';

function search({ tasks: table }: Office, given: Given): unknown {
  if (noneOf(...FIELDS.map((field) => given[field]))) return 'No search parameters provided.';
  const { assigned_to_email: email } = given;
  if (!lacking(email)) {
    if (typeof email !== 'string') {
      throw new ToolFault(`expected string or bytes-like object, got '${typeName(email)}'`);
    }
    if (ADDRESS.match(email) === undefined) return 'Invalid email format for assigned_to_email.';
  }
  let found = table.records;
  for (const field of FIELDS) {
    const wanted = given[field];
    if (lacking(wanted)) continue;
    if (field !== 'assigned_to_email') found = containing(found, wanted, field);
    else {
      const address = lowered(wanted);
      found = found.filter(({ [field]: one }) => typeof one === 'string' && lower(one) === address);
    }
  }
  return found;
}

function create(office: Office, given: Given): unknown {
  if (lacking(...FIELDS.map((field) => given[field]))) return 'Missing task details.';
  const { list_name: list, board } = given;
  const email = lowered(given['assigned_to_email']);
  if (!isMember(office, email)) return NO_MEMBER;
  if (!LISTS.includes(list as string)) return oneOf('List', LISTS);
  if (!BOARDS.includes(board as string)) return oneOf('Board', BOARDS);
  const id = String(office.tasks.nextId('task_id')).padStart(8, '0');
  office.tasks = office.tasks.with({ task_id: id, ...given, assigned_to_email: email }, { renumbered: true });
  return id;
}

function update(office: Office, { task_id: id, field, new_value: given }: Given): unknown {
  if (lacking(id, field, given)) return 'Task ID, field, or new value not provided.';
  const value = field === 'assigned_to_email' ? lowered(given) : given;
  if (field === 'board' && !BOARDS.includes(value as string)) return oneOf('Board', BOARDS);
  if (field === 'list_name' && !LISTS.includes(value as string)) return oneOf('List', LISTS);
  if (field === 'assigned_to_email' && !isMember(office, value as string)) return NO_MEMBER;
  if (office.tasks.where('task_id', id).length === 0) return 'Task not found.';
  if (!office.tasks.columns.includes(field as string)) return 'Field not valid.';
  office.tasks = office.tasks.changed('task_id', id, asText(field), value);
  return 'Task updated successfully.';
}

export const tasks: Desk = {
  owner: 'ProjectManagementTool',
  tools: {
    get_task_information_by_id: tool(['task_id', 'field'], ({ tasks: table }, { task_id: id, field }) => {
      if (lacking(id)) return 'Task ID not provided.';
      if (lacking(field)) return 'Field not provided.';
      const [task] = table.where('task_id', id);
      if (task === undefined) return 'Task not found.';
      return Object.hasOwn(task, field as string)
        ? { [field as string]: task[field as string] }
        : 'Field not found.';
    }),
    search_tasks: tool(FIELDS, search),
    create_task: tool(FIELDS, create),
    delete_task: tool(['task_id'], (office, { task_id: id }) => {
      if (lacking(id)) return 'Task ID not provided.';
      if (office.tasks.where('task_id', id).length === 0) return 'Task not found.';
      office.tasks = office.tasks.without('task_id', id);
      return 'Task deleted successfully.';
    }),
    update_task: tool(['task_id', 'field', 'new_value'], update),
  },
};
