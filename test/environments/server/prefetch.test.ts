import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findServerCode, planServer, prefetchServers } from '../../../src/environments/server/index.js';
import { installScript } from '../../../src/environments/server/prefetch.js';

const base = realpathSync(mkdtempSync(path.join(tmpdir(), 'ngym-prefetch-')));
afterAll(() => rmSync(base, { recursive: true, force: true }));

function file(text: string, ...parts: string[]): string {
  const made = path.join(base, ...parts);
  mkdirSync(path.dirname(made), { recursive: true });
  writeFileSync(made, text);
  return made;
}

function missing(program: string): boolean {
  try {
    execFileSync(program, ['--version']);
    return false;
  } catch {
    return true;
  }
}

describe('what is installed for a server', () => {
  const folder = path.join(base, 'rules', 'resources_servers', 'x');
  const code = { folder, entrypoint: 'app.py', root: path.join(base, 'rules') };

  it('is nothing where nothing is said', () => {
    mkdirSync(folder, { recursive: true });
    expect(installScript(code)).toBeUndefined();
  });

  it('is what a checkout says', () => {
    file('-e nemo-gym[dev] @ ../../\nrich', 'rules/resources_servers/x/requirements.txt');
    expect(installScript(code)).toBe('uv pip install --python "$VENV/bin/python" -r requirements.txt');
  });

  it('is the same version of nemo-gym where it lies in its package', () => {
    file('', 'rules/nemo_gym-0.7.0.dist-info/METADATA');
    expect(installScript(code)).toBe(
      `(echo 'nemo-gym==0.7.0' && (grep -v -F '../..' requirements.txt || true)) | ` +
        'uv pip install --python "$VENV/bin/python" -r /dev/stdin',
    );
    file('', 'rules/resources_servers/x/pyproject.toml');
    expect(installScript(code)).toBe(
      `uv pip install --python "$VENV/bin/python" 'nemo-gym==0.7.0' && ` +
        'uv pip install --python "$VENV/bin/python" --no-sources -e .',
    );
  });

  it('needs uv', async () => {
    const options = { env: { PATH: base }, python: undefined, venvDir: undefined, onEnd: () => undefined };
    await expect(prefetchServers([], options)).rejects.toMatchObject({ code: 'UV_MISSING' });
  });
});

describe.skipIf(missing('uv') || missing('python3'))('environments made with uv (which is not here)', () => {
  /** A package that only this test has: no network is needed. */
  const wheel = path.join(base, 'wheels', 'ngym_probe-1.0-py3-none-any.whl');
  mkdirSync(path.dirname(wheel), { recursive: true });
  const made = [
    'import sys, zipfile',
    'with zipfile.ZipFile(sys.argv[1], "w") as z:',
    '    d = "ngym_probe-1.0.dist-info/"',
    '    z.writestr("ngym_probe.py", "WORD = 1")',
    '    z.writestr(d + "METADATA", "Metadata-Version: 2.1\\nName: ngym-probe\\nVersion: 1.0\\n")',
    '    z.writestr(d + "WHEEL", "Wheel-Version: 1.0\\nGenerator: x\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")',
    '    z.writestr(d + "RECORD", "")',
  ].join('\n');

  const block = (implementation: string) => ({
    name: implementation,
    type: 'resources_servers',
    implementation,
    config: { entrypoint: 'app.py' },
  });
  const program = (implementation: string) => {
    file('', 'root/resources_servers', implementation, 'app.py');
    return {
      block: block(implementation),
      code: findServerCode(block(implementation), [path.join(base, 'root')])!,
    };
  };

  it('hold what each server asks for, and are the Python that it is run with', async () => {
    execFileSync('python3', ['-c', made, wheel]);
    file(wheel, 'root/resources_servers/good/requirements.txt');
    file('/nowhere/absent-1.0-py3-none-any.whl', 'root/resources_servers/bad/requirements.txt');
    const env = { ...process.env, NGYM_DATA_DIR: path.join(base, 'data'), NGYM_PYTHON: undefined };
    const told: string[] = [];
    const results = await prefetchServers([program('good'), program('bad'), program('good')], {
      env,
      python: 'python3',
      venvDir: undefined,
      onEnd: ({ server, ok }) => told.push(`${server} ${ok}`),
    });
    expect(told.sort()).toEqual(['resources_servers/bad false', 'resources_servers/good true']);
    expect(results.map(({ ok }) => ok)).toEqual([true, false]);
    expect(results[1]!.problem).toContain('absent-1.0');
    expect(readFileSync(results[1]!.log, 'utf8')).toContain('absent-1.0');
    expect(existsSync(results[1]!.venv)).toBe(false);

    const planned = planServer(block('good'), { roots: [path.join(base, 'root')], env, python: undefined })!;
    expect(planned.python).toEqual({
      command: path.join(base, 'data/venvs/resources_servers/good/bin/python'),
      from: 'virtual environment of the server',
    });
    const word = execFileSync(planned.python.command, ['-c', 'import ngym_probe; print(ngym_probe.WORD)']);
    expect(word.toString()).toBe('1\n');
    expect(existsSync(path.join(base, 'root/resources_servers/good/.venv'))).toBe(false);
  });
});
