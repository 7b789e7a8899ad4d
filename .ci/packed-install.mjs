// Installs the packed project in an empty folder and runs its binaries there: what is missing from "files" or from
// "exports" shows here and nowhere else.
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { emptyFolder, installPacked, root, run } from './lib/packed.mjs';

const folder = emptyFolder('packed');
const here = { cwd: folder };

function check(condition, message) {
  if (!condition) throw new Error(message);
  console.log(`ok: ${message}`);
}

try {
  const { filename, entryCount, size } = installPacked(folder);
  console.log(`${filename}: ${entryCount} files, ${(size / 1024).toFixed(0)} KiB`);

  const bin = (name) => path.join(folder, 'node_modules', '.bin', name);
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  check(run(bin('ng'), ['--version'], here).includes(version), 'ng --version prints the version');
  run(
    bin('ng_collect_rollouts'),
    [
      '+config_paths=[resources_servers/mcqa/configs/mcqa.yaml,responses_api_models/inference_provider/configs/embedded.yaml]',
      '+agent_name=mcqa_simple_agent',
      '+input_jsonl_fpath=resources_servers/mcqa/data/example.jsonl',
      '+output_jsonl_fpath=results/mcqa_rollouts.jsonl',
    ],
    here,
  );
  const rows = readFileSync(path.join(folder, 'results', 'mcqa_rollouts.jsonl'), 'utf8')
    .trim()
    .split('\n');
  check(
    rows.length === 5 && rows.every((row) => typeof JSON.parse(row).reward === 'number'),
    'five scored rollouts',
  );
  run('node', ['--input-type=module', '-e', "await import('ngym'); await import('ngym/translate');"], here);
  check(true, 'ngym and ngym/translate can be imported');
  check(
    run('npx', ['publint', root], { cwd: root }).includes('publint'),
    'publint finds no fault in the package',
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
