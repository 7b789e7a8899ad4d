import { readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { parse } from 'yaml';
import { readFileSync } from 'node:fs';
import { conformanceRows } from '../../support/conformance.js';

type Item = Record<string, unknown> & { type: string };

/** A rollout that the reference's authors recorded, with the dataset row that it is of. */
export interface Recorded {
  row: Record<string, unknown>;
  reward: number;
  /** What the model said, turn by turn. */
  turns: Item[][];
}

interface StoredRollout {
  responses_create_params: { input: unknown };
  response: { output: Item[] };
  reward: number;
}

const ANSWERS = new Set(['function_call_output']);

/** The model's items, cut where results of tools or messages of others stand between. */
function turnsOf(output: readonly Item[]): Item[][] {
  const turns: Item[][] = [];
  let open = false;
  for (const item of output) {
    const others = ANSWERS.has(item.type) || item['role'] === 'user';
    if (!others && !open) turns.push([]);
    if (!others) turns.at(-1)!.push(item);
    open = !others;
  }
  return turns;
}

/** Texts of an input, whatever form its messages have. */
function words(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(words).join('\n');
  if (typeof value !== 'object' || value === null) return '';
  const { content, text, image_url: image } = value as Record<string, unknown>;
  return words(content) + words(text) + words(image);
}

/** The keys of a dataset row in a rollout, which has the verdict's beside them; undefined where some are missing. */
function pick(rollout: object, like: object | undefined): Record<string, unknown> | undefined {
  const keys = Object.keys(like ?? {}).filter((key) => key !== 'agent_ref');
  if (keys.length === 0 || !keys.every((key) => key in rollout)) return undefined;
  return Object.fromEntries(Object.entries(rollout).filter(([key]) => keys.includes(key)));
}

/** The recorded rollouts of an environment, with the rows of its example data where they are the same. */
export function recordedRollouts(name: string): Recorded[] {
  const rows = conformanceRows<{ responses_create_params: { input: unknown } }>(
    'environments',
    name,
    'example.jsonl',
  );
  const rollouts = conformanceRows<StoredRollout>('environments', name, 'example_rollouts.jsonl');
  return rollouts.flatMap((rollout) => {
    const asked = words(rollout.responses_create_params.input).trim();
    const row =
      rows.find((one) => words(one.responses_create_params.input).trim() === asked) ?? pick(rollout, rows[0]);
    if (row === undefined || typeof rollout.reward !== 'number') return [];
    return [{ row, reward: rollout.reward, turns: turnsOf(rollout.response.output) }];
  });
}

/** As dataset lines: each row says which recording it is. */
export function datasetOf(recorded: readonly Recorded[]): string {
  const lines = recorded.map(({ row }, index) => {
    const params = row['responses_create_params'] as object;
    return JSON.stringify({
      ...row,
      responses_create_params: { ...params, metadata: { recorded: String(index) } },
    });
  });
  return lines.join('\n');
}

/** A Responses provider that says what was recorded, turn by turn; listens on loopback. */
export async function startRecordedModel(recorded: readonly Recorded[]) {
  const asked = new Map<string, number>();
  const server = createServer((request, reply) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { metadata } = JSON.parse(body) as { metadata?: { recorded: string } };
      if (metadata === undefined) {
        reply.writeHead(400).end('{"error": {"message": "nobody recorded this"}}');
        return;
      }
      const turn = asked.get(metadata.recorded) ?? 0;
      asked.set(metadata.recorded, turn + 1);
      const output = recorded[Number(metadata.recorded)]!.turns[turn] ?? [];
      reply.setHeader('content-type', 'application/json');
      reply.end(
        JSON.stringify({
          id: `resp_${metadata.recorded}_${turn}`,
          object: 'response',
          created_at: 1,
          model: 'recorded',
          status: 'completed',
          output,
          // Its own agents read the whole of it.
          parallel_tool_calls: true,
          tool_choice: 'auto',
          tools: [],
          usage: {
            input_tokens: 1,
            input_tokens_details: { cached_tokens: 0 },
            output_tokens: 1,
            output_tokens_details: { reasoning_tokens: 0 },
            total_tokens: 2,
          },
        }),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

interface Setup {
  /** Below `resources_servers/<name>/configs`. */
  file: string;
  agent: string;
  /** Name of the block of the environment. */
  server: string;
}

/** The config of an environment that needs no other model than the policy, and its agent; undefined if there is none. */
export function setupOf(root: string, name: string): Setup | undefined {
  const folder = path.join(root, 'resources_servers', name, 'configs');
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
  for (const file of [`${name}.yaml`, ...files].filter((one) => files.includes(one))) {
    const blocks = parse(readFileSync(path.join(folder, file), 'utf8')) as Record<string, unknown>;
    const entries = Object.entries(blocks).filter(
      (entry): entry is [string, Record<string, Record<string, Record<string, unknown>>>] =>
        typeof entry[1] === 'object' && entry[1] !== null,
    );
    const server = entries.find(([, block]) => block['resources_servers']?.[name] !== undefined);
    const agent = entries.find(
      ([, block]) =>
        block['responses_api_agents'] !== undefined &&
        Object.values(block['responses_api_agents']).some(
          ({ resources_server: to }) => (to as { name?: string } | undefined)?.name === server?.[0],
        ),
    );
    if (server !== undefined && agent !== undefined) return { file, agent: agent[0], server: server[0] };
  }
  return undefined;
}
