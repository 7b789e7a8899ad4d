import { createInterface } from 'node:readline';
import { errors } from '../../errors/index.js';
import { EXIT } from '../exit-codes.js';
import { standardInput } from './standard-input.js';
import type { WordInput } from './word.js';

interface Told {
  content: string;
  thinking: string;
  model: string | null;
  usage: unknown;
}

interface Chunk {
  model?: string;
  usage?: unknown;
  choices?: {
    delta?: { content?: string | null; reasoning_content?: string | null; reasoning?: string | null };
  }[];
  error?: { message?: string };
}

interface Message {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

/** One prompt, its answer written as it comes; with `--interactive`, as many as are typed. */
export async function chat(input: WordInput): Promise<number> {
  const { args, options, words } = input;
  const format = input.givenFormat ?? 'text';
  if (!['text', 'json', 'raw'].includes(format)) {
    throw errors.clientUsage(`Output format "${format}" is not one of text, json, raw.`, words);
  }
  const system = options['system-message'] as string | undefined;
  const messages: Message[] = system === undefined ? [] : [{ role: 'system', content: system }];
  if (options['interactive'] === true) return await talk(input, messages, format);
  const given = args[1] ?? (process.stdin.isTTY ? '' : (await standardInput()).trim());
  if (given === '')
    throw errors.clientUsage('A PROMPT is needed, as a word or on the standard input.', words);
  await say(input, [...messages, { role: 'user', content: given }], format);
  return EXIT.complete;
}

/** Words that end a conversation, as does the end of the input. */
const ENDS: ReadonlySet<string> = new Set(['exit', 'quit', '/exit', '/quit', '/bye']);

/** A conversation, line by line; all that was said goes with each question. */
async function talk(input: WordInput, messages: Message[], format: string): Promise<number> {
  const { host, args } = input;
  const typed = process.stdin.isTTY && host.stdout.isTTY === true;
  const lines = createInterface({ input: process.stdin, ...(typed && { output: process.stderr }) });
  // From now on: lines that come while an answer is awaited would be lost.
  const each = lines[Symbol.asyncIterator]();
  const ask = async (text: string): Promise<void> => {
    const { content } = await say(input, [...messages, { role: 'user', content: text }], format);
    messages.push({ role: 'user', content: text }, { role: 'assistant', content });
  };
  try {
    if (args[1] !== undefined) await ask(args[1]);
    lines.setPrompt('> ');
    if (typed) lines.prompt();
    for await (const line of { [Symbol.asyncIterator]: () => each }) {
      const text = line.trim();
      if (ENDS.has(text)) break;
      if (text !== '') await ask(text);
      if (typed) lines.prompt();
    }
    return EXIT.complete;
  } finally {
    lines.close();
  }
}

async function say(input: WordInput, messages: readonly Message[], format: string): Promise<Told> {
  const { options, host } = input;
  const { path, model } = routeOf(input);
  const body = {
    model,
    messages,
    stream: true,
    ...(options['temperature'] !== undefined && { temperature: options['temperature'] }),
    ...(options['max-tokens'] !== undefined && { max_tokens: options['max-tokens'] }),
  };
  const reply = await input.api.open('POST', path, body);
  const told: Told = { content: '', thinking: '', model: null, usage: null };
  for await (const data of eventsOf(reply)) {
    if (format === 'raw') host.stdout.write(`${data}\n`);
    const piece = take(told, data);
    if (format === 'text') host.stdout.write(piece);
  }
  if (format === 'text') host.stdout.write('\n');
  if (format === 'json') host.stdout.write(`${JSON.stringify(told, null, 2)}\n`);
  return told;
}

/** By model name, or straight to a provider, which gets the model as it was given. */
function routeOf({ args, options, workspace, words }: WordInput): { path: string; model: string } {
  const model = args[0] ?? '';
  const provider = options['provider'] as string | undefined;
  const root = (of: string): string => `/apis/inference-gateway/v2/workspaces/${encodeURIComponent(of)}`;
  if (provider !== undefined) {
    if (provider.includes('/')) {
      throw errors.clientUsage(
        `--provider takes a name without its workspace: "${provider.split('/').at(-1)!}".`,
        words,
      );
    }
    return {
      path: `${root(workspace)}/provider/${encodeURIComponent(provider)}/-/v1%2Fchat%2Fcompletions`,
      model,
    };
  }
  const [of, name] = model.includes('/')
    ? [model.slice(0, model.indexOf('/')), model.slice(model.indexOf('/') + 1)]
    : [workspace, model];
  if (model.includes('/') && options['workspace'] !== undefined && options['workspace'] !== of) {
    throw errors.clientUsage(
      `The workspace is "${of}" in the model's name and another one in --workspace.`,
      words,
    );
  }
  return { path: `${root(of)}/openai/-/v1%2Fchat%2Fcompletions`, model: `${of}/${name}` };
}

function take(told: Told, data: string): string {
  if (data === '[DONE]') return '';
  const chunk = JSON.parse(data) as Chunk;
  if (chunk.error !== undefined)
    throw new Error(`the stream ended with an error: ${chunk.error.message ?? data}`);
  told.model = chunk.model ?? told.model;
  told.usage = chunk.usage ?? told.usage;
  const delta = chunk.choices?.[0]?.delta;
  told.thinking += delta?.reasoning_content ?? delta?.reasoning ?? '';
  const piece = delta?.content ?? '';
  told.content += piece;
  return piece;
}

async function* eventsOf(reply: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of reply.body as unknown as AsyncIterable<Uint8Array>) {
    rest += decoder.decode(bytes, { stream: true });
    const lines = rest.split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const data = /^data: ?(.*)$/.exec(line)?.[1];
      if (data !== undefined && data !== '') yield data;
    }
  }
}
