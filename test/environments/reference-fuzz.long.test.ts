import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { ENVIRONMENTS } from '../../src/environments/index.js';
import type { Json, JsonObject } from '../../src/protocol/index.js';
import { isObject } from '../../src/protocol/index.js';
import { pythonEqual } from '../../src/python/index.js';
import { conformanceMissing, conformancePath, conformanceRows } from '../support/conformance.js';
import { referenceRoots } from '../support/reference.js';
import { mutate, type Draw } from './mutate-case.js';
import { differencesOf, expectedOf, failureOf, isNoReply, playCase, whatIsSet, type Case } from './oracle.js';

/** A Python with nemo-gym 0.7.0. */
const PYTHON = process.env['NGYM_GYM_PYTHON'];
const COUNT = Number(process.env['NGYM_FUZZ'] ?? 60);
const SEED = Number(process.env['NGYM_FUZZ_SEED'] ?? 1);

interface Answer {
  status: number;
  body: Json;
  judge: NonNullable<Case['judge']>;
}

class Reference {
  private readonly child: ChildProcessByStdio<Writable, Readable, null>;
  private readonly lines: AsyncIterator<string>;

  constructor(name: string) {
    const script = path.join(import.meta.dirname, 'reference-verifier.py');
    this.child = spawn(PYTHON!, [script, name], {
      stdio: ['pipe', 'pipe', process.env['NGYM_FUZZ_STDERR'] ? 'inherit' : 'ignore'],
    });
    this.lines = readline.createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  async verify(one: Case): Promise<Answer> {
    const judge = one.judge?.map(({ reply }) => reply) ?? [];
    this.child.stdin.write(
      JSON.stringify({ config: one.config, row: one.row, response: one.response, judge }) + '\n',
    );
    const { value, done } = await this.lines.next();
    if (done === true) throw new Error('the reference ended');
    return JSON.parse(value) as Answer;
  }

  close(): void {
    this.child.kill('SIGKILL');
  }
}

/** Numbers below `below`, always the same from a seed (mulberry32). */
function drawing(seed: number): Draw {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

function recorded(mutant: Case, { status, body, judge }: Answer): Case {
  const request: JsonObject = { ...mutant.row };
  const verdict = isObject(body)
    ? Object.fromEntries(
        Object.entries(body).filter(
          ([key, value]) =>
            key !== 'response' &&
            key !== 'responses_create_params' &&
            !(key in request && pythonEqual(value, request[key])),
        ),
      )
    : (body as unknown as JsonObject);
  return { ...mutant, status, verdict, judge };
}

async function differenceOf(name: string, one: Case): Promise<string | undefined> {
  const { found, asked } = await playCase(name, one);
  try {
    const failure = failureOf(one);
    if (failure !== undefined) expect(found).toBe(failure);
    else if (one.status === 422) expect(typeof found, JSON.stringify(found)).toBe('string');
    else if (one.status === 200) {
      expect(found).toBeTypeOf('object');
      expect(found).toEqual(expectedOf(found as JsonObject, one));
      expect(asked).toMatchObject(
        (one.judge ?? []).map(({ request: { server, path: at, body } }) => ({
          server,
          path: at,
          body: whatIsSet(body),
        })),
      );
    }
    return undefined;
  } catch {
    return JSON.stringify({ found, asked: asked.length });
  }
}

const NAMES = Object.keys(ENVIRONMENTS).filter((name) =>
  existsSync(conformancePath('environments', name, 'cases.jsonl')),
);

describe.skipIf(conformanceMissing || PYTHON === undefined || referenceRoots().length === 0)(
  'mutants of cases, beside the reference itself',
  () => {
    it.each(NAMES)('%s', { timeout: 600_000 }, async (name) => {
      const all = conformanceRows<Case>('environments', name, 'cases.jsonl').filter(
        (one) => one.status === 200 && one.reset === undefined && !isNoReply(one),
      );
      const fit = all.filter((one) => one.session === undefined && one.seed_session === undefined);
      if (fit.length === 0) return;
      const differences = [...(await differencesOf('every-environment')), ...(await differencesOf(name))];
      const draw = drawing(SEED);
      const reference = new Reference(name);
      const wrong: string[] = [];
      const statuses: Record<number, number> = {};
      try {
        for (let count = 0; count < COUNT; count += 1) {
          const mutant = mutate(fit[draw(fit.length)]!, fit, draw);
          const one = recorded(mutant, await reference.verify(mutant));
          statuses[one.status] = (statuses[one.status] ?? 0) + 1;
          if (isNoReply(one) || differences.some(({ is }) => is(one))) continue;
          const found = await differenceOf(name, one);
          if (found !== undefined)
            wrong.push(
              `${one.case} (${one.status})\n  row ${JSON.stringify({ ...one.row, responses_create_params: undefined }).slice(0, 1500)}\n  config ${JSON.stringify(one.config)}\n  reply ${JSON.stringify(one.response!.output).slice(0, 1500)}\n  found ${found.slice(0, 1500)}\n  reference ${JSON.stringify(one.verdict).slice(0, 1500)}`,
            );
        }
      } finally {
        reference.close();
      }
      console.log(`${name}: ${COUNT} mutants, ${wrong.length} differ; statuses ${JSON.stringify(statuses)}`);
      expect(
        wrong.slice(0, Number(process.env['NGYM_ORACLE'] ?? 3)).join('\n'),
        `${wrong.length} differ`,
      ).toBe('');
    });
  },
);
