import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createModel, services } from '../models/helpers.js';
import type { Model } from '../../src/protocol/index.js';
import { outputText } from '../../src/protocol/index.js';
import type { Tape } from '../../src/transport/index.js';
import { createRedactor, recordTo, replayDefaults, replayFrom } from '../../src/transport/index.js';
import { testCall } from '../support/call.js';
import type { Provider } from '../support/provider/provider.mjs';
import { startProvider } from '../support/provider/provider.mjs';
import { failureOf, skippingClock } from './helpers.js';

const KEY = 'sk-canary-0123456789/+=';
let folder: string;
let file: string;
let upstream: Provider;
const open: { close(): Promise<void> }[] = [];
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'tape-'));
  file = path.join(folder, 'deep/tape.jsonl');
  upstream = await startProvider();
  open.push(upstream);
});
afterEach(async () => {
  for (const resource of open.splice(0).reverse()) await resource.close();
  rmSync(folder, { recursive: true });
});

async function policy(tape: Tape, baseUrl = upstream.baseUrl, model = 'm'): Promise<Model> {
  const { redactor } = services();
  redactor.add([KEY]);
  const made = await createModel(
    'inference_provider',
    { base_url: baseUrl, api_key: KEY, model },
    { tape: tape.step, redactor },
  );
  open.push(made);
  return made;
}

async function recorder(): Promise<Tape> {
  const redactor = createRedactor([KEY]);
  return recordTo(file, { clock: skippingClock(), redactor });
}

async function player(): Promise<Tape> {
  const tape = await replayFrom(file, createRedactor([KEY]));
  open.push(tape);
  return tape;
}

const OFFLINE = 'http://127.0.0.1:9/v1';
const ask = (content: string): { input: { role: string; content: string }[] } => ({
  input: [{ role: 'user', content }],
});

describe('record and replay', () => {
  it('replays the same replies and attempts without a network', async () => {
    upstream.setScript(['status_503', 'ok', 'reset']);
    const tape = await recorder();
    const live = await policy(tape);
    const calls = [testCall({ episodeId: '0-0' }), testCall({ episodeId: '1-0' })];
    const recorded = [await live.respond(ask('one'), calls[0]!), await live.respond(ask('two'), calls[1]!)];
    await tape.close();

    const seen = upstream.counts().requests;
    const again = await policy(await player(), OFFLINE);
    const replayCalls = [testCall({ episodeId: '0-0' }), testCall({ episodeId: '1-0' })];
    const replayed = [
      await again.respond(ask('one'), replayCalls[0]!),
      await again.respond(ask('two'), replayCalls[1]!),
    ];
    expect(JSON.stringify(replayed)).toBe(JSON.stringify(recorded));
    expect(replayCalls.map(({ attempts }) => attempts)).toEqual(calls.map(({ attempts }) => attempts));
    expect(replayCalls.map(({ attempts }) => attempts.length)).toEqual([2, 2]);
    expect(upstream.counts().requests).toBe(seen);
  });

  it('gives each repeat and each further time in an episode its own recording', async () => {
    let n = 0;
    const counting = await startProvider({ answer: () => ({ text: `answer ${n++}` }) });
    open.push(counting);
    const play = async (model: Model): Promise<string[]> => {
      const texts = [];
      for (const rolloutIndex of [0, 1, 2]) {
        const call = testCall({ episodeId: `0-${rolloutIndex}`, rolloutIndex });
        for (let time = 0; time < 2; time++) texts.push(outputText(await model.respond(ask('same'), call)));
      }
      return texts;
    };
    const tape = await recorder();
    const live = await play(await policy(tape, counting.baseUrl));
    await tape.close();
    expect(new Set(live).size).toBe(6);
    expect(await play(await policy(await player(), OFFLINE))).toEqual(live);
  });

  it('gives equal prompts of different tasks what each got', async () => {
    let n = 0;
    const counting = await startProvider({ answer: () => ({ text: `answer ${n++}` }) });
    open.push(counting);
    const tape = await recorder();
    const live = await policy(tape, counting.baseUrl);
    for (const episodeId of ['0-0', '1-0']) await live.respond(ask('same'), testCall({ episodeId }));
    await tape.close();
    const again = await policy(await player(), OFFLINE);
    const texts = [];
    for (const episodeId of ['1-0', '0-0', '7-0']) {
      texts.push(outputText(await again.respond(ask('same'), testCall({ episodeId }))));
    }
    expect(texts).toEqual(['answer 1', 'answer 0', 'answer 1']);
  });

  it('replays a failure as the same failure, and what a resumed attempt got instead of it', async () => {
    upstream.setScript(['status_400', 'status_400']);
    const tape = await recorder();
    const live = await policy(tape);
    const failed = await failureOf(live.respond(ask('bad'), testCall({ episodeId: '0-0' })));
    await failureOf(live.respond(ask('mended'), testCall({ episodeId: '1-0' })));
    await live.respond(ask('mended'), testCall({ episodeId: '1-0-a1' }));
    await tape.close();
    const again = await policy(await player(), OFFLINE);
    const replayed = await failureOf(again.respond(ask('bad'), testCall({ episodeId: '0-0' })));
    expect([replayed.kind, replayed.message]).toEqual([failed.kind, failed.message]);
    await again.respond(ask('mended'), testCall({ episodeId: '1-0' }));
  });

  it('replays what a fallback answered, whoever was left alone while recording', async () => {
    const dead = await startProvider({ rates: { status_503: 1 } });
    open.push(dead);
    const play = async (tape: Tape, first: string, second: string): Promise<string[]> => {
      const config = {
        base_url: first,
        api_key: KEY,
        model: 'm',
        fallbacks: [{ base_url: second, model: 'n' }],
      };
      const made = await createModel('inference_provider', config, { tape: tape.step });
      open.push(made);
      const replies = [];
      for (let task = 0; task < 6; task++) {
        replies.push(
          JSON.stringify(await made.respond(ask(`task ${task}`), testCall({ episodeId: `${task}-0` }))),
        );
      }
      return replies;
    };
    const tape = await recorder();
    const live = await play(tape, dead.baseUrl, upstream.baseUrl);
    await tape.close();
    // After three failed requests the dead provider was left alone.
    expect(dead.counts().requests).toBe(9);
    expect(await play(await player(), OFFLINE, OFFLINE)).toEqual(live);
  });

  it('a miss names the nearest recording and the fields that differ', async () => {
    const tape = await recorder();
    const live = await policy(tape);
    await live.respond(
      { ...ask('Which planet is largest?'), temperature: 0 },
      testCall({ episodeId: '4-0' }),
    );
    await live.respond(ask('Count to three.'), testCall({ episodeId: '5-0' }));
    await tape.close();
    const again = await policy(await player(), OFFLINE);
    const miss = await failureOf(
      again.respond({ ...ask('Which planet is smallest?'), temperature: 0.5 }, testCall()),
    );
    expect(miss.kind).toBe('replay_miss');
    expect(miss.message).toContain('Nearest: 4-0');
    expect(miss.message).toContain('messages[0].content: recorded "Which planet is largest?"');
    expect(miss.message).toContain('temperature: recorded 0, asked 0.5');
  });

  it('a miss for lack of repeats says which repeats there are', async () => {
    const tape = await recorder();
    await (await policy(tape)).respond(ask('x'), testCall());
    await tape.close();
    const again = await policy(await player(), OFFLINE);
    const miss = await failureOf(again.respond(ask('x'), testCall({ episodeId: '0-3', rolloutIndex: 3 })));
    expect(miss.message).toContain('not for repeat 3');
    expect(miss.message).toContain('recorded repeats: 0');
  });

  it('holds no secret, wherever it comes from', async () => {
    const echo = await startProvider({
      answer: () => ({ text: `you sent ${Buffer.from(KEY).toString('base64')}` }),
    });
    open.push(echo);
    upstream.setScript([{ kind: 'status', status: 401, message: `Incorrect API key provided: ${KEY}` }]);
    const tape = await recorder();
    await failureOf((await policy(tape)).respond(ask(`my key is ${KEY}`), testCall()));
    await (await policy(tape, echo.baseUrl)).respond(ask(encodeURIComponent(KEY)), testCall());
    await tape.close();
    const written = readFileSync(file, 'utf8');
    expect(written).toContain('***');
    for (const form of [
      KEY,
      '0123456789',
      encodeURIComponent(KEY),
      Buffer.from(KEY).toString('base64').slice(0, 12),
    ]) {
      expect(written).not.toContain(form);
    }
  });

  it('goes on after a line that a killed run left half written', async () => {
    const first = await recorder();
    await (await policy(first)).respond(ask('one'), testCall());
    await first.close();
    const whole = readFileSync(file, 'utf8');
    writeFileSync(file, whole + whole.slice(0, 50));
    const second = await recorder();
    await (await policy(second)).respond(ask('two'), testCall());
    await second.close();
    const again = await policy(await player(), OFFLINE);
    for (const prompt of ['one', 'two']) await again.respond(ask(prompt), testCall());
  });

  it('tells the configuration what a replay does not need', async () => {
    const tape = await recorder();
    await (await policy(tape, upstream.baseUrl, 'vendor/model-7')).respond(ask('x'), testCall());
    await tape.close();
    expect(await replayDefaults(file)).toMatchObject({ policy_model_name: 'vendor/model-7' });
  });
});
