import { readFile } from 'node:fs/promises';
import { errors } from '../../errors/index.js';
import { EXIT } from '../exit-codes.js';
import { RemoteError } from './api.js';
import { ITEM_FORMATS, itemText, linesText, LIST_FORMATS, listText } from './output.js';
import { standardInput } from './standard-input.js';
import { option, type Word, type WordInput, type WordOption } from './word.js';

/** A kind of thing that is made, read, changed and removed by name. */
export interface Resource {
  /** `inference providers` */
  readonly words: string;
  /** What one is called: `model provider`. */
  readonly what: string;
  /** Where they are, without the name. */
  readonly root: (workspace: string) => string;
  /** Fields of its body, as flags. */
  readonly fields: readonly WordOption[];
  /** Of those, what only `create` has. */
  readonly createOnly?: readonly string[];
  readonly change?: { readonly word: string; readonly method: 'PUT' | 'PATCH' | 'POST' };
  readonly filters: readonly string[];
  readonly list?: readonly WordOption[];
  readonly remove?: readonly WordOption[];
  /** Turns what was given into the body. */
  readonly body?: (body: Record<string, unknown>, input: WordInput) => Promise<Record<string, unknown>>;
}

const BODY_OPTIONS = [option('input-file', 'path'), option('input-data', 'json')];
const PAGE_OPTIONS = [
  option('page', 'integer'),
  option('page-size', 'integer'),
  option('sort'),
  option('all-pages', 'switch'),
  option('stream', 'switch'),
  option('output-columns', 'text', { short: 'c' }),
  option('no-truncate', 'switch'),
];

export function resourceWords(resource: Resource): Word[] {
  const { words, what, root, fields, createOnly = [], change } = resource;
  const at = (input: WordInput): string =>
    `${root(input.workspace)}/${encodeURIComponent(input.args[0] ?? '')}`;
  const show = async (input: WordInput, item: Promise<unknown>): Promise<number> => {
    input.host.stdout.write(itemText(await item, itemFormat(input)));
    return EXIT.complete;
  };
  const shared: Word[] = [
    {
      words: `${words} create`,
      summary: `make a ${what}`,
      args: ['[name]'],
      options: [...fields, ...BODY_OPTIONS, option('exist-ok', 'switch')],
      run: (input) => create(resource, input),
    },
    {
      words: `${words} list`,
      summary: `list each ${what}`,
      options: [
        option('filter', 'json'),
        ...resource.filters.map((name) => option(`filter.${name}`)),
        ...(resource.list ?? []),
        ...PAGE_OPTIONS,
      ],
      run: (input) => list(resource, input),
    },
    {
      words: `${words} get`,
      summary: `show a ${what}`,
      args: ['<name>'],
      options: [],
      run: (input) => show(input, input.api.call('GET', at(input))),
    },
    {
      words: `${words} delete`,
      summary: `remove a ${what}`,
      args: ['<name>'],
      options: resource.remove ?? [],
      async run(input) {
        await input.api.call('DELETE', at(input) + queryOf(input, resource.remove ?? []));
        return EXIT.complete;
      },
    },
  ];
  if (change === undefined) return shared;
  const changing: Word = {
    words: `${words} ${change.word}`,
    summary: `change a ${what}`,
    args: ['<name>'],
    options: [...fields.filter(({ name }) => !createOnly.includes(name)), ...BODY_OPTIONS],
    run: async (input) =>
      show(input, input.api.call(change.method, at(input), await bodyOf(resource, input))),
  };
  return [...shared, changing];
}

async function create(resource: Resource, input: WordInput): Promise<number> {
  const body = await bodyOf(resource, input);
  if (input.args[0] !== undefined) body['name'] = input.args[0];
  const { name } = body;
  if (typeof name !== 'string')
    throw errors.clientUsage('A NAME is needed, as a word or in the input.', input.words);
  const root = resource.root(input.workspace);
  let made: unknown;
  try {
    made = await input.api.call('POST', root, body);
  } catch (error) {
    const there = error instanceof RemoteError && error.status === 409 && input.options['exist-ok'] === true;
    if (!there) throw error;
    made = await input.api.call('GET', `${root}/${encodeURIComponent(name)}`);
  }
  input.host.stdout.write(itemText(made, itemFormat(input)));
  return EXIT.complete;
}

async function list(resource: Resource, input: WordInput): Promise<number> {
  const { options, api, host } = input;
  const root = resource.root(input.workspace);
  const query = new URLSearchParams(queryOf(input, [...(resource.list ?? []), ...PAGE_OPTIONS.slice(0, 3)]));
  const filter = { ...(options['filter'] as object | undefined) } as Record<string, unknown>;
  for (const name of resource.filters) {
    const given = options[`filter.${name}`];
    if (given !== undefined) filter[name.replaceAll('-', '_')] = given;
  }
  if (Object.keys(filter).length > 0) query.set('filter', JSON.stringify(filter));
  const text = (): string => (query.size === 0 ? '' : `?${query.toString()}`);
  let page = (await api.call('GET', root + text())) as {
    data: unknown[];
    pagination: { page: number; total_pages: number };
  };
  if (options['all-pages'] === true) {
    const data = [...page.data];
    for (let next = page.pagination.page + 1; next <= page.pagination.total_pages; next += 1) {
      query.set('page', String(next));
      data.push(...((await api.call('GET', root + text())) as { data: unknown[] }).data);
    }
    page = { ...page, data };
  } else if (page.pagination.page < page.pagination.total_pages) {
    host.stderr.write('There are more pages: --page, or --all-pages.\n');
  }
  host.stdout.write(showList(page, input));
  return EXIT.complete;
}

/** A page in the form that was asked for; a pipe gets JSON. */
export function showList(page: unknown, { options, host, format, words }: WordInput): string {
  if (options['stream'] === true) return linesText(page);
  const asked = format ?? (host.stdout.isTTY === true ? 'table' : 'json');
  const known = asked === 'table' && format !== undefined && host.stdout.isTTY !== true ? asked : asked;
  if (!LIST_FORMATS.includes(known))
    throw errors.clientUsage(`Output format "${known}" is not one of ${LIST_FORMATS.join(', ')}.`, words);
  const columns = options['output-columns'] as string | undefined;
  return listText(page, { format: known, columns, whole: options['no-truncate'] === true });
}

export function itemFormat({ format, words }: WordInput): string {
  const asked = format ?? 'json';
  if (ITEM_FORMATS.includes(asked)) return asked;
  if (LIST_FORMATS.includes(asked)) return 'json';
  throw errors.clientUsage(`Output format "${asked}" is not one of ${ITEM_FORMATS.join(', ')}.`, words);
}

/** The body: the input first, flags over it. */
async function bodyOf(resource: Resource, input: WordInput): Promise<Record<string, unknown>> {
  const { options } = input;
  const body = { ...(await inputOf(input)), ...(options['input-data'] as object | undefined) } as Record<
    string,
    unknown
  >;
  for (const { name } of resource.fields) {
    if (options[name] !== undefined) body[name.replaceAll('-', '_')] = options[name];
  }
  return (await resource.body?.(body, input)) ?? body;
}

async function inputOf({ options, words }: WordInput): Promise<Record<string, unknown>> {
  const file = options['input-file'];
  if (typeof file !== 'string') return {};
  const text = file === '-' ? await standardInput() : await readFile(file, 'utf8');
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw errors.clientUsage(`${file === '-' ? 'The standard input' : file} is not JSON.`, words);
  }
}

function queryOf({ options }: WordInput, of: readonly WordOption[]): string {
  const query = new URLSearchParams();
  for (const { name } of of) {
    const given = options[name];
    const text = typeof given === 'string' ? given : JSON.stringify(given);
    if (given !== undefined) query.set(name.replaceAll('-', '_'), text);
  }
  return query.size === 0 ? '' : `?${query.toString()}`;
}
