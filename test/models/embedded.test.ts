import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NgError } from '../../src/errors/index.js';
import type { Model } from '../../src/protocol/index.js';
import { outputText } from '../../src/protocol/index.js';
import { testCall } from '../support/call.js';
import { failureOf } from '../transport/helpers.js';
import { createModel } from './helpers.js';

const data = path.resolve(import.meta.dirname, '../../data');
let folder: string;
let model: Model | undefined;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'embedded-'));
});
afterEach(async () => {
  await model?.close();
  model = undefined;
  rmSync(folder, { recursive: true });
});

async function embedded(file: string, roots: string[]): Promise<Model> {
  model = await createModel(
    'inference_provider',
    {
      base_url: `embedded:${file}`,
      api_key: 'embedded',
      model: 'embedded-demo',
      uses_reasoning_parser: true,
    },
    { roots },
  );
  return model;
}

const ask = (content: string): { input: { role: string; content: string }[] } => ({
  input: [{ role: 'user', content }],
});

function entry(prompt: string, answer: string): string {
  return JSON.stringify({
    format: 'ngym-recording/1',
    key: 'k',
    repeat: 0,
    ordinal: 0,
    model: 'policy_model',
    endpoint: 'chat/completions',
    request: { model: 'embedded-demo', messages: [{ role: 'user', content: prompt }] },
    status: 200,
    body: { choices: [{ index: 0, message: { role: 'assistant', content: answer }, finish_reason: 'stop' }] },
    latency_ms: 1,
    recorded_at: 0,
  });
}

describe('the embedded provider', () => {
  it('answers the first example of mcqa from the shipped recording', async () => {
    const policy = await embedded('recordings/quickstart.jsonl', [folder, data]);
    const { readFileSync } = await import('node:fs');
    const [line] = readFileSync(path.join(data, 'resources_servers/mcqa/data/example.jsonl'), 'utf8').split(
      '\n',
    );
    const row = JSON.parse(line!);
    const reply = await policy.respond(row.responses_create_params, testCall());
    expect(outputText(reply)).toContain('\\boxed{B}');
    expect(reply.usage).toMatchObject({ input_tokens: expect.any(Number) });
  });

  it('answers whatever the sampling settings', async () => {
    writeFileSync(path.join(folder, 'r.jsonl'), entry('hi', 'hello'));
    const policy = await embedded('r.jsonl', [folder]);
    const reply = await policy.respond({ ...ask('hi'), temperature: 0.3, max_output_tokens: 5 }, testCall());
    expect(outputText(reply)).toBe('hello');
  });

  it('gives several recorded answers in turn', async () => {
    writeFileSync(path.join(folder, 'r.jsonl'), `${entry('hi', 'one')}\n${entry('hi', 'two')}\n`);
    const policy = await embedded('r.jsonl', [folder]);
    const texts = [];
    for (let i = 0; i < 3; i++) texts.push(outputText(await policy.respond(ask('hi'), testCall())));
    expect(texts).toEqual(['one', 'two', 'one']);
  });

  it('names the nearest recorded prompt when it does not know one', async () => {
    writeFileSync(
      path.join(folder, 'r.jsonl'),
      `${entry('count the stars', 'no')}\n${entry('what is 2 + 2?', '4')}`,
    );
    const policy = await embedded('r.jsonl', [folder]);
    const failure = await failureOf(policy.respond(ask('what is 2 + 3?'), testCall()));
    expect(failure.kind).toBe('not_found');
    expect(failure.message).toContain('what is 2 + 2?');
    expect(failure.message).toContain('what is 2 + 3?');
  });

  it('says where it looked for a recording that is not there', async () => {
    const error = await embedded('nowhere.jsonl', [folder, data]).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NgError);
    expect(String(error)).toContain(folder);
    expect(String(error)).toContain('nowhere.jsonl');
  });

  it('says which line of a recording is damaged', async () => {
    writeFileSync(
      path.join(folder, 'r.jsonl'),
      `${entry('a', 'b')}\n{"format":"other"}\n${entry('c', 'd')}\n`,
    );
    const error = await embedded('r.jsonl', [folder]).catch((thrown: unknown) => thrown);
    expect(String(error)).toContain('r.jsonl:2');
  });
});
