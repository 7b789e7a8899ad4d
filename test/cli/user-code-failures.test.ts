import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../support/build.js';
import { startProvider, type Provider } from '../support/provider/provider.mjs';
import { run, workspace } from './program.js';

const ENVIRONMENT = `import { defineEnvironment } from 'ngym';
import { broken } from './helper.mjs';
export default defineEnvironment({
  name: 'own',
  tools: { look: { description: 'looks', run: () => broken() } },
  verify({ row }) {
    return { reward: missing(row) };
  },
});
`;
const HELPER = `export function broken() {
  throw new TypeError('nothing to look at');
}
`;
const CONFIG = `own:
  resources_servers:
    own: { entrypoint: own.mjs, domain: other }
own_agent:
  responses_api_agents:
    simple_agent:
      entrypoint: app.py
      resources_server: { type: resources_servers, name: own }
      model_server: { type: responses_api_models, name: policy_model }
`;
const rows = Array.from({ length: 20 }, (_, i) =>
  JSON.stringify({ responses_create_params: { input: `question ${i} [tool: look {}]` } }),
);

let provider: Provider | undefined;
beforeAll(ensureBuilt, 180_000);
afterEach(() => provider?.close());

describe('code of the user’s that throws', () => {
  it('is told on the terminal once per kind, with its message and the line to look at, and counted in the report', async () => {
    provider = await startProvider();
    const { cwd, remove } = workspace({
      'own.mjs': ENVIRONMENT,
      'helper.mjs': HELPER,
      'own.yaml': CONFIG,
      'rows.jsonl': `${rows.join('\n')}\n`,
    });
    const configs = ['own.yaml', 'responses_api_models/inference_provider/configs/inference_provider.yaml'];
    const { code, stderr } = await run(
      [
        ...[
          'eval',
          'run',
          ...configs.flatMap((file) => ['--config', file]),
          '--no-serve',
          '--agent',
          'own_agent',
        ],
        ...[
          '--input',
          'rows.jsonl',
          '--output',
          'out.jsonl',
          '--model',
          'm',
          '--model-url',
          provider.baseUrl,
        ],
        '+policy_api_key=a-key-for-a-test',
      ],
      { cwd },
    );
    expect(code).toBe(3);
    const told = stderr.split('\n').filter((line) => line.startsWith('warning: own'));
    expect(told).toEqual([
      'warning: own: the tool "look" failed, and the model was told so: TypeError: nothing to look at (helper.mjs:2:9)',
      expect.stringMatching(
        /^warning: own_agent: task \d+, rollout 0: verify_failed: ReferenceError: missing is not defined \(own\.mjs:7:22\)$/,
      ),
    ]);
    const report = await run(['eval', 'report', 'out.jsonl'], { cwd });
    expect(report.stdout).toMatch(
      /verify_failed\s+20\s+ReferenceError: missing is not defined \(own\.mjs:7:22\)/,
    );
    remove();
  });
});
