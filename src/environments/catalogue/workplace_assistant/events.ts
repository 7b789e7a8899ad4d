import { asText } from '../../kit/as-text.js';
import { isDigit, isTrue } from '../../../python/index.js';
import { tool } from './office.js';
import type { Desk, Office } from './office.js';
import { containing, lacking, lowered, moment, paged, wholeNumber } from './values.js';
import type { Given } from './values.js';

const FIELDS = ['event_name', 'participant_email', 'event_start', 'duration'];
const BAD_ID = 'Invalid event ID format. Expected 8-digit ID.';
const BAD_FIELD = 'Invalid field. Available fields are: ';

const badTime = (name: string): string => `Invalid ${name} format. Expected YYYY-MM-DD HH:MM:SS.`;

const isId = (id: unknown): boolean => typeof id === 'string' && Array.from(id).length === 8 && isDigit(id);

/** What is wrong with a length in minutes. */
function badDuration(value: unknown): string | undefined {
  const minutes = wholeNumber(value);
  if (minutes === undefined) return 'Invalid duration format. Expected a number of minutes.';
  return minutes <= 0 ? 'Duration must be a positive number of minutes.' : undefined;
}

function search({ events: table }: Office, given: Given): unknown {
  const limits: Record<string, string | undefined> = {};
  for (const name of ['time_min', 'time_max']) {
    if (!isTrue(given[name])) continue;
    limits[name] = moment(given[name]);
    if (limits[name] === undefined) return badTime(name);
  }
  const start = (event: Given): string => moment(event['event_start'])!;
  const found = containing(table.records, given['query'], 'event_name', 'participant_email')
    .filter((event) => limits['time_min'] === undefined || start(event) >= limits['time_min'])
    .filter((event) => limits['time_max'] === undefined || start(event) <= limits['time_max']);
  if (found.length === 0) return 'No events found.';
  const latestFirst = found
    .map((event) => ({ event, at: start(event) }))
    .sort((a, b) => (a.at < b.at ? 1 : a.at === b.at ? 0 : -1));
  return paged(
    'events',
    latestFirst.map(({ event }) => event),
    given,
  ).reply();
}

function create(office: Office, given: Given): unknown {
  const { event_name: name, participant_email: email, event_start: start, duration } = given;
  if (lacking(name)) return 'Event name not provided.';
  if (lacking(email)) return 'Participant email not provided.';
  if (lacking(start)) return 'Event start not provided.';
  if (lacking(duration)) return 'Event duration not provided.';
  if (moment(start) === undefined) return badTime('event_start');
  const problem = badDuration(duration);
  if (problem !== undefined) return problem;
  const participant = lowered(email);
  const id = String(office.events.nextId('event_id')).padStart(8, '0');
  const event = {
    event_id: id,
    event_name: name,
    participant_email: participant,
    event_start: start,
    duration,
  };
  office.events = office.events.with(event, { renumbered: false });
  return id;
}

function update(office: Office, { event_id: id, field, new_value: value }: Given): unknown {
  if (lacking(id, field, value)) return 'Event ID, field, or new value not provided.';
  if (!isId(id)) return BAD_ID;
  if (!FIELDS.includes(field as string)) return `${BAD_FIELD}${FIELDS.join(', ')}`;
  if (field === 'event_start' && moment(value) === undefined) return badTime('event_start');
  const problem = field === 'duration' ? badDuration(value) : undefined;
  if (problem !== undefined) return problem;
  if (office.events.where('event_id', id).length === 0) return 'Event not found.';
  const written = field === 'participant_email' ? lowered(value) : value;
  office.events = office.events.changed('event_id', id, asText(field), written);
  return 'Event updated successfully.';
}

export const events: Desk = {
  owner: 'CalendarTool',
  tools: {
    get_event_information_by_id: tool(['event_id', 'field'], ({ events: table }, { event_id: id, field }) => {
      if (lacking(id)) return 'Event ID not provided.';
      if (lacking(field)) return 'Field not provided.';
      if (!isId(id)) return BAD_ID;
      const fields = ['event_id', ...FIELDS];
      if (!fields.includes(field as string)) return `${BAD_FIELD}${fields.join(', ')}`;
      const [event] = table.where('event_id', id);
      return event === undefined ? 'Event not found.' : { [field as string]: event[field as string] };
    }),
    search_events: tool(['time_min', 'time_max'], search, { query: '', page: 1, page_size: 5 }),
    create_event: tool(FIELDS, create),
    delete_event: tool(['event_id'], (office, { event_id: id }) => {
      if (lacking(id)) return 'Event ID not provided.';
      if (!isId(id)) return BAD_ID;
      if (office.events.where('event_id', id).length === 0) return 'Event not found.';
      office.events = office.events.without('event_id', id);
      return 'Event deleted successfully.';
    }),
    update_event: tool(['event_id', 'field', 'new_value'], update),
  },
};
