import { spawnSync } from 'node:child_process';

/** The Python that is asked: NGYM_PYTHON, or the machine's. */
const PYTHON = process.env['NGYM_PYTHON'] ?? 'python3';

/**
 * What a Python expression or block makes of each input: `body` sets `out` from `given`. Undefined where there is no
 * Python of at least this minor version.
 */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller says what its script prints
export function askPython<Answer>(
  body: string,
  inputs: readonly unknown[],
  minor = 11,
): Answer[] | undefined {
  const script = [
    'import sys, json',
    `if sys.version_info < (3, ${minor}): sys.exit(77)`,
    'for line in sys.stdin:',
    '    given = json.loads(line)',
    ...body.split('\n').map((line) => `    ${line}`),
    '    print(json.dumps(out))',
  ].join('\n');
  const { stdout, status, stderr } = spawnSync(PYTHON, ['-c', script], {
    input: inputs.map((one) => JSON.stringify(one)).join('\n'),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status === null || status === 77) return undefined;
  if (status !== 0) throw new Error(stderr);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);
}
