import { execFile, execFileSync } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { serveModel, UPSTREAMS } from './model-support.js';
import { Cleanup } from './support.js';

/** A Python with the packages `openai` and `anthropic`; neither is needed for anything else. */
const PYTHON = process.env['NGYM_PYTHON'] ?? 'python3';

function clientsMissing(): string | false {
  try {
    execFileSync(PYTHON, ['-c', 'import openai, anthropic'], { stdio: 'ignore' });
    return false;
  } catch {
    return `${PYTHON} has no openai and anthropic packages (NGYM_PYTHON names another)`;
  }
}

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const missing = clientsMissing();

describe.skipIf(missing)(`the official Python clients${missing === false ? '' : `: ${missing}`}`, () => {
  for (const upstream of UPSTREAMS) {
    it(`work against a ${upstream} upstream, streaming and tools included`, async () => {
      const { url } = await serveModel(cleanup, upstream);
      const script = path.join(import.meta.dirname, 'sdk-python.py');
      const { stdout } = await promisify(execFile)(PYTHON, [script, url]);
      const seen = JSON.parse(stdout) as Record<string, string[]>;
      const text = 'one two three';
      expect(seen).toMatchObject({
        models: ['configured'],
        response: text,
        chat: text,
        'chat tool': ['get_weather', { city: 'Paris' }],
        'message tool': [['get_weather', { city: 'Paris' }]],
      });
      for (const deltas of ['response deltas', 'chat deltas', 'message deltas']) {
        expect(seen[deltas]!.join('')).toBe(text);
        expect(seen[deltas]!.length).toBeGreaterThan(1);
      }
    });
  }
});
