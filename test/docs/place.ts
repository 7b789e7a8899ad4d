import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { REPOSITORY } from '../support/build.js';
import type { Provider } from '../support/provider/provider.mjs';
import { startProvider } from '../support/provider/provider.mjs';

export interface Done {
  status: number | null;
  output: string;
}

const ROWS = Array.from({ length: 8 }, (_, i) =>
  JSON.stringify({
    responses_create_params: { input: [{ role: 'user', content: `Question ${i}: \\boxed{A} or B?` }] },
    options: [{ A: 'yes' }, { B: 'no' }],
    expected_answer: i % 3 === 0 ? 'B' : 'A',
    category: i % 2 === 0 ? 'algebra' : 'logic',
    metadata: { level: i < 4 ? 'hard' : 'easy' },
    ...(i < 2 && { agent_ref: { name: 'old_agent' } }),
  }),
).join('\n');

const EVAL_YAML = `config_paths:
  - resources_servers/mcqa/configs/mcqa.yaml
  - responses_api_models/inference_provider/configs/inference_provider.yaml
my_agent:
  responses_api_agents:
    simple_agent:
      resources_server: { type: resources_servers, name: mcqa }
      model_server: { type: responses_api_models, name: policy_model }
`;

/**
 * Where the commands of the pages are run: every program on the path, the repository's `bin` and `docs` in reach, an
 * `env.yaml` that points at a provider on loopback, and a stored run that pages can read under their own names.
 */
export class Place {
  private constructor(
    private readonly root: string,
    private readonly provider: Provider,
  ) {}

  static async open(): Promise<Place> {
    const provider = await startProvider({ answer: () => ({ text: 'The answer is \\boxed{A}' }), keep: 0 });
    const place = new Place(mkdtempSync(path.join(tmpdir(), 'ngym-docs-')), provider);
    const programs = path.join(place.root, 'programs');
    mkdirSync(programs);
    const bin = path.join(REPOSITORY, 'bin');
    for (const file of readdirSync(bin).filter((name) => name !== 'start.js')) {
      symlinkSync(path.join(bin, file), path.join(programs, file.replace(/\.js$/, '')));
    }
    const first = place.folder('first');
    const args = '--config eval.yaml -a mcqa_simple_agent -i rows.jsonl --num-repeats 2 -o results/r.jsonl';
    const made = await place.run(first, `ng eval run --no-serve ${args}`);
    if (made.status !== 0) throw new Error(made.output);
    return place;
  }

  async close(): Promise<void> {
    await this.provider.close();
    rmSync(this.root, { recursive: true, force: true });
  }

  /** A new working directory; the stored run is there under each of the names (`results/<name>.jsonl`). */
  folder(name: string, runs: readonly string[] = []): string {
    const cwd = path.join(this.root, name.replaceAll('/', '-'));
    mkdirSync(path.join(cwd, 'node_modules'), { recursive: true });
    for (const link of ['bin', 'docs']) symlinkSync(path.join(REPOSITORY, link), path.join(cwd, link));
    symlinkSync(REPOSITORY, path.join(cwd, 'node_modules', 'ngym'));
    symlinkSync(path.join(REPOSITORY, 'node_modules', 'zod'), path.join(cwd, 'node_modules', 'zod'));
    const address = `policy_base_url: ${this.provider.baseUrl}\n`;
    writeFileSync(
      path.join(cwd, 'env.yaml'),
      `${address}policy_api_key: key-of-a-test-1\npolicy_model_name: m\n`,
    );
    writeFileSync(path.join(cwd, 'rows.jsonl'), `${ROWS}\n`);
    writeFileSync(path.join(cwd, 'my.jsonl'), `${ROWS}\n`);
    writeFileSync(path.join(cwd, 'eval.yaml'), EVAL_YAML);
    for (const run of runs) this.copyRun(path.join(cwd, 'results', `${run}.jsonl`));
    return cwd;
  }

  /** Runs one command line by bash. */
  run(cwd: string, command: string): Promise<Done> {
    const child = spawn('bash', ['-c', command], {
      cwd,
      env: { PATH: `${path.join(this.root, 'programs')}:${process.env['PATH'] ?? ''}`, HOME: cwd },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (status) => resolve({ status, output }));
    });
  }

  private copyRun(target: string): void {
    const results = path.join(this.root, 'first', 'results');
    mkdirSync(path.dirname(target), { recursive: true });
    for (const file of readdirSync(results)) {
      const suffix = file.slice('r'.length);
      cpSync(path.join(results, file), target.replace(/\.jsonl$/, suffix));
    }
  }
}

/** The commands of a shell block, each with its continuation lines. */
export function commandsOf(text: string): string[] {
  return text
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => line.trim() !== '');
}
