import { asText } from '../../kit/as-text.js';
import { tool } from './office.js';
import type { Desk, Office } from './office.js';
import { between, containing, lacking, lowered, noneOf, paged } from './values.js';
import type { Given } from './values.js';

const STATES = ['Qualified', 'Won', 'Lost', 'Lead', 'Proposal'];
const PRODUCTS = ['Software', 'Hardware', 'Services', 'Consulting', 'Training'];
const FIELDS = [
  ...['customer_name', 'assigned_to_email', 'customer_email', 'customer_phone', 'last_contact_date'],
  ...['product_interest', 'status', 'notes', 'follow_up_by'],
];
const WORDS = ['customer_name', 'customer_email', 'product_interest', 'status', 'assigned_to_email'];
const DATES = ['last_contact_date', 'follow_up_by'];
const LIMITS = DATES.flatMap((date) => [`${date}_min`, `${date}_max`]);

const oneOf = (what: string, names: readonly string[]): string =>
  `${what} not valid. Please choose from: ${names.map((name) => `'${name}'`).join(', ')}`;

function search({ customers: table }: Office, given: Given): unknown {
  if (noneOf(...[...WORDS, ...LIMITS].map((name) => given[name]))) {
    return 'No search parameters provided. Please provide at least one parameter.';
  }
  let found = table.records;
  for (const field of WORDS) if (!lacking(given[field])) found = containing(found, given[field], field);
  for (const date of DATES) found = between(found, date, given[`${date}_min`], given[`${date}_max`]);
  const { all, reply } = paged('customers', found, given);
  return all > 0 ? reply() : 'No customers found.';
}

function update(office: Office, { customer_id: id, field, new_value: given }: Given): unknown {
  if (lacking(id, field, given)) return 'Customer ID, field, or new value not provided.';
  if (field === 'status' && !STATES.includes(given as string)) return oneOf('Status', STATES);
  if (field === 'product_interest' && !PRODUCTS.includes(given as string)) {
    return oneOf('Product interest', PRODUCTS);
  }
  const isAddress = field === 'customer_email' || field === 'assigned_to_email';
  const value = isAddress ? lowered(given) : given;
  if (office.customers.where('customer_id', id).length === 0) return 'Customer not found.';
  if (!office.customers.columns.includes(field as string)) return oneOf('Field', FIELDS);
  office.customers = office.customers.changed('customer_id', id, asText(field), value);
  return 'Customer updated successfully.';
}

function add(office: Office, given: Given): unknown {
  const { customer_name: name, assigned_to_email: to, status, customer_email: email } = given;
  if (lacking(name, to, status)) {
    return 'Please provide all required fields: customer_name, assigned_to_email, status.';
  }
  const addresses = {
    assigned_to_email: lowered(to),
    customer_email: lacking(email) ? email : lowered(email),
  };
  const id = String(office.customers.nextId('customer_id')).padStart(8, '0');
  office.customers = office.customers.with({ customer_id: id, ...given, ...addresses }, { renumbered: true });
  return id;
}

export const customers: Desk = {
  owner: 'CustomerRelationshipManagerTool',
  tools: {
    search_customers: tool([...WORDS, ...LIMITS], search, { page: 1, page_size: 5 }),
    update_customer: tool(['customer_id', 'field', 'new_value'], update),
    add_customer: tool(FIELDS, add, { notes: '' }),
    delete_customer: tool(['customer_id'], (office, { customer_id: id }) => {
      if (lacking(id)) return 'Customer ID not provided.';
      if (office.customers.where('customer_id', id).length === 0) return 'Customer not found.';
      office.customers = office.customers.without('customer_id', id);
      return 'Customer deleted successfully.';
    }),
  },
};
