import { floatJson, JsonNumber } from '../../../python/index.js';
import { asText } from '../../kit/as-text.js';
import { tool } from './office.js';
import type { Desk, Office } from './office.js';
import { between, lacking } from './values.js';
import type { Given } from './values.js';

const PLOTTED = [
  ...['total_visits', 'session_duration_seconds', 'user_engaged'],
  ...['visits_direct', 'visits_referral', 'visits_search_engine', 'visits_social_media'],
];
const KINDS = ['bar', 'line', 'scatter', 'histogram'];
const PERIOD = ['time_min', 'time_max'];

const quoted = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ');

/** The visits of each day in a period, by day. */
function byDay({ visits }: Office, { time_min: from, time_max: to }: Given): [string, Given[]][] {
  const days = new Map<string, Given[]>();
  for (const visit of between(visits.records, 'date_of_visit', from, to)) {
    const day = String(visit['date_of_visit']);
    days.set(day, [...(days.get(day) ?? []), visit]);
  }
  return [...days].sort(([a], [b]) => (a < b ? -1 : 1));
}

const counted = (days: [string, Given[]][], counts: (visit: Given) => boolean): object =>
  Object.fromEntries(days.map(([day, visits]) => [day, visits.filter(counts).length]));

const seconds = (visit: Given): number => Number(visit['session_duration_seconds']);
const asFloat = (value: number): JsonNumber => new JsonNumber(floatJson(value));

export const visits: Desk = {
  owner: 'AnalyticsTool',
  tools: {
    engaged_users_count: tool(PERIOD, (office, given) =>
      counted(byDay(office, given), ({ user_engaged: engaged }) => engaged === 'True'),
    ),
    get_visitor_information_by_id: tool(['visitor_id'], (office, { visitor_id: id }) => {
      if (lacking(id)) return 'Visitor ID not provided.';
      const found = office.visits.where('visitor_id', id).map((visit) => ({
        ...visit,
        user_engaged: visit['user_engaged'] === 'True',
        ...(office.averaged && { session_duration_seconds: asFloat(seconds(visit)) }),
      }));
      return found.length > 0 ? found : 'Visitor not found.';
    }),
    create_plot: tool([...PERIOD, 'value_to_plot', 'plot_type'], (office, given) => {
      const { time_min: from, time_max: to, value_to_plot: value, plot_type: kind } = given;
      if (lacking(from)) return 'Start date not provided.';
      if (lacking(to)) return 'End date not provided.';
      if (!PLOTTED.includes(value as string)) return `Value to plot must be one of ${quoted(PLOTTED)}`;
      if (!KINDS.includes(kind as string)) {
        return `Plot type must be one of ${quoted(KINDS.slice(0, -1))}, or ${quoted(KINDS.slice(-1))}`;
      }
      const file = `plots/${asText(from)}_${asText(to)}_${asText(value)}_${asText(kind)}.png`;
      office.plots = [...office.plots, file];
      return file;
    }),
    traffic_source_count: tool([...PERIOD, 'traffic_source'], (office, given) => {
      const { traffic_source: source } = given;
      const all = lacking(source);
      return counted(byDay(office, given), (visit) => all || visit['traffic_source'] === source);
    }),
    total_visits_count: tool(PERIOD, (office, given) => counted(byDay(office, given), () => true)),
    get_average_session_duration: tool(PERIOD, (office, given) => {
      const days = byDay(office, given);
      // Of the whole table it is the table itself that is turned into numbers.
      if (lacking(given['time_min']) && lacking(given['time_max'])) office.averaged = true;
      return Object.fromEntries(
        days.map(([day, found]) => {
          const total = found.reduce((sum, visit) => sum + seconds(visit), 0);
          return [day, asFloat(total / found.length)];
        }),
      );
    }),
  },
};
