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
import { compare } from './oracle-compare.js';
import { isNoReply, type Case } from './oracle.js';
import { settle, shown } from './settle.js';

/** A Python with nemo-gym 0.7.0. */
const PYTHON = process.env['NGYM_GYM_PYTHON'];
/** NGYM_FUZZ=150: that many mutants of the cases of each environment; NGYM_FUZZ_SEED: others. */
const COUNT = Number(process.env['NGYM_FUZZ'] ?? 0);
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

/** widesearch numbers rows for its judge by the order of a Python set: another one in each process. */
const isUnordered = ({ judge }: Case): boolean => JSON.stringify(judge ?? []).includes("'idx_1'");

/** Enough of a case to see what is different about it. */
const told = ({ case: name, status, row, config, response }: Case): string =>
  `${name} (${status}) ${JSON.stringify({ ...row, responses_create_params: undefined, config, output: response!.output }).slice(0, 3000)}`;

const NAMES = Object.keys(ENVIRONMENTS).filter((name) =>
  existsSync(conformancePath('environments', name, 'cases.jsonl')),
);

describe.skipIf(conformanceMissing || COUNT === 0 || PYTHON === undefined || referenceRoots().length === 0)(
  'mutants of cases, beside the reference itself',
  () => {
    it.each(NAMES)('%s', { timeout: 600_000 }, async (name) => {
      const all = conformanceRows<Case>('environments', name, 'cases.jsonl').filter(
        (one) => one.status === 200 && one.reset === undefined && !isNoReply(one),
      );
      const fit = all.filter((one) => one.session === undefined && one.seed_session === undefined);
      if (fit.length === 0) return;
      const draw = drawing(SEED);
      const reference = new Reference(name);
      const differing = new Map<Case, string>();
      const statuses: Record<number, number> = {};
      try {
        for (let count = 0; count < COUNT; count += 1) {
          const mutant = mutate(fit[draw(fit.length)]!, fit, draw);
          const one = recorded(mutant, await reference.verify(mutant));
          statuses[one.status] = (statuses[one.status] ?? 0) + 1;
          // Where the reference breaks (500) or takes too long (0), there is nothing to compare with.
          if ((one.status !== 200 && one.status !== 422) || isUnordered(one)) continue;
          await compare(name, one).catch((error: unknown) => {
            differing.set(one, `${told(one)}\n${(error as Error).message}`);
          });
        }
      } finally {
        reference.close();
      }
      const { wrong, explained } = await settle(name, differing);
      console.log(
        `${name}: ${COUNT} mutants, ${wrong.length} differ, ${explained} explained; statuses ${JSON.stringify(statuses)}`,
      );
      expect(shown(wrong), `${wrong.length} differ`).toBe('');
    });
  },
);
