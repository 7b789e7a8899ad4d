import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { MathVerifyWorker } from '../../../../src/environments/kit/math/worker.js';

const folder = mkdtempSync(path.join(tmpdir(), 'ngym-math-'));
afterAll(() => rmSync(folder, { recursive: true }));

const question = {
  gold: String.raw`\boxed{\sin x}`,
  reply: String.raw`\boxed{\cos(\frac{\pi}{2}-x)}`,
  seconds: 30,
};
const never = new AbortController().signal;

/** A program in the place of Python. */
function python(name: string, script: string): MathVerifyWorker {
  const file = path.join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return new MathVerifyWorker([], { ...process.env, NGYM_PYTHON: file });
}

const library = new MathVerifyWorker([]);
const missing = await library.ask({ ...question, reply: question.gold }, never).then(
  () => undefined,
  (error: unknown) => (error as Error).message,
);
afterAll(() => library.stop());

describe('math-verify in a process of its own', () => {
  it.each([
    ['no Python', new MathVerifyWorker([], { NGYM_PYTHON: '/nowhere/python' }), '/nowhere/python'],
    [
      'a Python without the library',
      python('bare', `echo '{"missing": "No module named x"}'`),
      'No module named x',
    ],
    [
      'a Python that does not start',
      python('broken', 'echo "bad interpreter" >&2; exit 3'),
      'exit code 3: bad interpreter',
    ],
  ])('%s: unavailable, with the command that installs it', async (_, worker, words) => {
    const failure = worker.ask(question, never);
    await expect(failure).rejects.toMatchObject({ kind: 'verify_unavailable' });
    await expect(failure).rejects.toThrow(words);
    await expect(failure).rejects.toThrow('pip install math-verify==0.8.0');
  });

  it('a process that dies fails what it was asked, and the next question starts another', async () => {
    const once = path.join(folder, 'lives');
    const worker = python('mortal', `echo x >> ${once}; echo '{"ready": "0"}'; read -r line; exit 1`);
    for (const lives of [1, 2]) {
      await expect(worker.ask(question, never)).rejects.toMatchObject({
        kind: 'verify_failed',
        retryable: true,
      });
      const { readFileSync } = await import('node:fs');
      expect(readFileSync(once, 'utf8')).toBe('x\n'.repeat(lives));
    }
  });

  it('a question that is given up is let go', async () => {
    const worker = python('silent', `echo '{"ready": "0"}'; sleep 60`);
    const controller = new AbortController();
    const asked = worker.ask(question, controller.signal);
    setTimeout(() => controller.abort(new Error('given up')), 50);
    await expect(asked).rejects.toThrow('given up');
    worker.stop();
  });

  it.skipIf(missing !== undefined)(
    `grades what needs algebra (${missing ?? 'the library is there'})`,
    async () => {
      expect(await library.ask(question, never)).toEqual({ reward: 1, extracted: 'cos(-x + pi/2)' });
      // Answers come as they are done, each to its question; what takes too long is no answer.
      const sum = { ...question, gold: String.raw`\boxed{55}`, reply: String.raw`\boxed{\sum_{k=1}^{10} k}` };
      const late = { ...sum, seconds: 0.001 };
      expect(await Promise.all([sum, late, sum].map((one) => library.ask(one, never)))).toEqual([
        { reward: 1, extracted: 'Sum(k, (k, 1, 10))' },
        { reward: 0, extracted: null },
        { reward: 1, extracted: 'Sum(k, (k, 1, 10))' },
      ]);
    },
  );
});
