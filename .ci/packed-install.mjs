// Packs the project, installs the tarball in an empty folder as a user would, and runs its binaries there:
// what is missing from "files" or from "exports" shows here and nowhere else.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const folder = mkdtempSync(path.join(tmpdir(), 'ngym-packed-'));

function run(command, args, cwd = folder) {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

function check(condition, message) {
  if (!condition) throw new Error(message);
  console.log(`ok: ${message}`);
}

try {
  const [{ filename, entryCount, size }] = JSON.parse(
    run('npm', ['pack', '--json', '--pack-destination', folder], root),
  );
  console.log(`${filename}: ${entryCount} files, ${(size / 1024).toFixed(0)} KiB`);
  writeFileSync(
    path.join(folder, 'package.json'),
    JSON.stringify({ name: 'empty', private: true, type: 'module' }),
  );
  run('npm', ['install', '--no-audit', '--no-fund', `./${filename}`]);

  const bin = (name) => path.join(folder, 'node_modules', '.bin', name);
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  check(run(bin('ng'), ['--version']).includes(version), 'ng --version prints the version');
  run(bin('ng_collect_rollouts'), [
    '+config_paths=[resources_servers/mcqa/configs/mcqa.yaml,responses_api_models/inference_provider/configs/embedded.yaml]',
    '+agent_name=mcqa_simple_agent',
    '+input_jsonl_fpath=resources_servers/mcqa/data/example.jsonl',
    '+output_jsonl_fpath=results/mcqa_rollouts.jsonl',
  ]);
  const rows = readFileSync(path.join(folder, 'results', 'mcqa_rollouts.jsonl'), 'utf8')
    .trim()
    .split('\n');
  check(
    rows.length === 5 && rows.every((row) => typeof JSON.parse(row).reward === 'number'),
    'five scored rollouts',
  );
  run('node', ['--input-type=module', '-e', "await import('ngym'); await import('ngym/translate');"]);
  check(true, 'ngym and ngym/translate can be imported');
  check(
    run('npx', ['publint', path.join(root)], root).includes('publint'),
    'publint finds no fault in the package',
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
