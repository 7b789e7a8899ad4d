import { asText } from '../../kit/as-text.js';
import { isTrue, lower, splitWords, typeName } from '../../../python/index.js';
import { tool } from './office.js';
import type { Desk, Office } from './office.js';
import { lacking, lowered, moment, paged, ToolFault } from './values.js';
import type { Given } from './values.js';

const NOW = '2023-11-30 23:59:00';

/** What goes wrong within these tools is told in their own words. */
function inWords(what: string, work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    if (error instanceof ToolFault) return `Error ${what}: ${error.message}`;
    throw error;
  }
}

function badRecipient(recipient: unknown): boolean {
  if (typeof recipient === 'number' || typeof recipient === 'boolean') {
    throw new ToolFault(`argument of type '${typeName(recipient)}' is not iterable`);
  }
  return typeof recipient !== 'string' || !recipient.includes('@') || !recipient.includes('.');
}

function send(office: Office, recipient: unknown, subject: unknown, body: unknown): string {
  if (lacking(recipient, subject, body)) return 'Recipient, subject, or body not provided.';
  if (badRecipient(recipient)) return 'Invalid recipient email address.';
  return inWords('sending email', () => {
    const to = lowered(recipient);
    const id = office.emails.records.length === 0 ? 1 : office.emails.nextId('email_id');
    const sent = {
      email_id: String(id),
      'inbox/outbox': 'outbox',
      'sender/recipient': to,
      subject,
      sent_datetime: NOW,
      body,
    };
    office.emails = office.emails.with(sent, { renumbered: true });
    return 'Email sent successfully.';
  }) as string;
}

function search({ emails }: Office, given: Given): unknown {
  return inWords('searching emails', () => {
    const words = splitWords(lowered(given['query']));
    const found = emails.records
      .filter((email) => {
        const text = ['subject', 'body', 'sender/recipient'].map((key) => cellText(email[key])).join(' ');
        return words.every((word) => lower(text).includes(word));
      })
      .sort((a, b) =>
        String(a['sent_datetime']) < String(b['sent_datetime'])
          ? 1
          : a['sent_datetime'] === b['sent_datetime']
            ? 0
            : -1,
      );
    const [from, to] = [day(given['date_min'], found), day(given['date_max'], found)];
    const within = found.filter((email) => {
      const sent = String(email['sent_datetime']).slice(0, 10);
      return !(from !== undefined && sent < from) && !(to !== undefined && sent > to);
    });
    const { all, reply } = paged('emails', within, given);
    return all > 0 ? reply() : 'No emails found.';
  });
}

const cellText = (value: unknown): string => (value == null ? 'nan' : asText(value));

/** The day of a moment; undefined for none, and where there is nothing to compare it with. */
function day(value: unknown, found: readonly unknown[]): string | undefined {
  if (!isTrue(value) || found.length === 0) return undefined;
  const time = moment(value);
  if (time === undefined) {
    throw new ToolFault(`Unknown datetime string format, unable to parse: ${value as string}`);
  }
  return time.slice(0, 10);
}

export const emails: Desk = {
  owner: 'EmailTool',
  tools: {
    get_email_information_by_id: tool(['email_id', 'field'], ({ emails: table }, { email_id: id, field }) => {
      if (lacking(id)) return 'Email ID not provided.';
      if (lacking(field)) return 'Field not provided.';
      const [email] = table.where('email_id', id);
      if (email === undefined) return 'Email not found.';
      if (Object.hasOwn(email, field as string)) return { [field as string]: email[field as string] };
      return `Field '${asText(field)}' not found. Available fields: ${table.columns.join(', ')}`;
    }),
    search_emails: tool(['date_min', 'date_max'], search, { query: '', page: 1, page_size: 5 }),
    send_email: tool(['recipient', 'subject', 'body'], (office, { recipient, subject, body }) =>
      send(office, recipient, subject, body),
    ),
    delete_email: tool(['email_id'], (office, { email_id: id }) => {
      if (lacking(id)) return 'Email ID not provided.';
      if (office.emails.where('email_id', id).length === 0) return 'Email not found.';
      office.emails = office.emails.without('email_id', id);
      return 'Email deleted successfully.';
    }),
    forward_email: tool(['email_id', 'recipient'], (office, { email_id: id, recipient }) => {
      if (lacking(id, recipient)) return 'Email ID or recipient not provided.';
      if (badRecipient(recipient)) return 'Invalid recipient email address.';
      return inWords('forwarding email', () => {
        const [email] = office.emails.where('email_id', id);
        if (email === undefined) return 'Email not found.';
        const said = send(office, lowered(recipient), `FW: ${cellText(email['subject'])}`, email['body']);
        return /Error|Invalid/.test(said) ? said : 'Email forwarded successfully.';
      });
    }),
    reply_email: tool(['email_id', 'body'], (office, { email_id: id, body }) => {
      if (lacking(id, body)) return 'Email ID or body not provided.';
      return inWords('replying to email', () => {
        const [email] = office.emails.where('email_id', id);
        if (email === undefined) return 'Email not found.';
        const said = send(office, email['sender/recipient'], `RE: ${cellText(email['subject'])}`, body);
        return /Error|Invalid/.test(said) ? said : 'Email replied successfully.';
      });
    }),
  },
};
