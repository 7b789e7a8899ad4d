import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { toInvocation } from '../../src/cli/overrides.js';
import { parse } from '../../src/cli/parse.js';
import type { Host } from '../../src/cli/host.js';
import { legacyWords } from '../../src/cli/legacy.js';

const silent = { write: () => undefined };

function host(env: Host['env'] = {}): Host {
  return {
    name: 'ng',
    programWord: () => 'ng',
    cwd: '/here',
    env,
    stdout: silent,
    stderr: silent,
    onSignal: () => () => undefined,
  };
}

async function invocation(words: string[], env: Host['env'] = {}) {
  const parsed = parse(words);
  if (parsed.kind !== 'run') throw new Error('help');
  return toInvocation(parsed, host(env));
}

const tokens = async (...words: string[]): Promise<readonly string[]> => (await invocation(words)).overrides;

describe('flags as overrides', () => {
  it('writes each flag as its key, flags before typed overrides, whatever the order of the words', async () => {
    const flags = ['--limit', '5', '-i', 'in.jsonl', '--temperature=0.5', '--resume'];
    const expected = [
      '+input_jsonl_fpath=in.jsonl',
      '+limit=5',
      '+responses_create_params.temperature=0.5',
      '+resume_from_cache=true',
      '+overwrite=true',
      '++b.c=2',
    ];
    expect(await tokens('eval', 'run', ...flags, '+overwrite=true', '++b.c=2')).toEqual(expected);
    expect(await tokens('eval', 'run', '+overwrite=true', ...flags, '++b.c=2')).toEqual(expected);
  });

  it('keeps the type of a typed flag and quotes a text that would change', async () => {
    expect(await tokens('eval', 'run', '--num-repeats', '{a: 2, _default: 1}', '--model', '4')).toEqual([
      '+num_repeats={a: 2, _default: 1}',
      "+policy_model_name='4'",
    ]);
    expect(await tokens('eval', 'run', '--model-url', 'http://h/v1?k=v', '-o', 'a=b.jsonl')).toEqual([
      "+output_jsonl_fpath='a=b.jsonl'",
      "+policy_base_url='http://h/v1?k=v'",
    ]);
  });

  it('joins config paths of flags and typed lists into one that comes first', async () => {
    const typed = "+config_paths=['x,y.yaml', b.yaml]";
    expect(
      await tokens('env', 'resolve', '+a=1', typed, '--config', 'c,d.yaml', '--config', 'e.yaml'),
    ).toEqual(["+config_paths=['c,d.yaml',e.yaml,'x,y.yaml', b.yaml]", '+a=1']);
    expect(await tokens('env', 'resolve', '++config_paths=[a]', '+config_paths=${b}')).toEqual([
      '++config_paths=[a]',
      '+config_paths=${b}',
    ]);
  });

  it('accepts unambiguous beginnings of flags, -v anywhere, and = before values', async () => {
    expect(await tokens('-v', 'eval', 'run', '--out', 'x')).toEqual([
      '+verbose=true',
      '+output_jsonl_fpath=x',
    ]);
    expect(await tokens('eval', 'run', '--outp=x', '-v')).toEqual(['+verbose=true', '+output_jsonl_fpath=x']);
    expect(() => parse(['eval', 'run', '--model-', 'x'])).toThrow('Unknown flag "--model-"');
  });

  it('takes a value for a switch that has more than one meaning, and leaves other words alone', async () => {
    expect(await tokens('eval', 'run', '--resume=if-possible', '--retry-failed=auth,dns')).toEqual([
      '+resume_from_cache=if-possible',
      "+retry_failed='auth,dns'",
    ]);
    expect(await tokens('eval', 'run', '--resume', '+a=1')).toEqual(['+resume_from_cache=true', '+a=1']);
  });

  it('does not say the same thing twice', async () => {
    expect(await tokens('version', '--json', '+json=true')).toEqual(['+json=true']);
  });

  it('puts search directories before the ones of the environment', async () => {
    const { host: effective } = await invocation(
      ['env', 'resolve', '--search-dir', 'a', '--search-dir', '/b'],
      {
        NEMO_GYM_EXTRA_ROOTS: '/c',
      },
    );
    expect(effective.env['NEMO_GYM_EXTRA_ROOTS']).toBe(['/here/a', '/b', '/c'].join(path.delimiter));
  });

  it('takes one name where a command has one, and refuses other loose words', async () => {
    expect((await invocation(['list', 'models', 'together', '+x=1'])).positional).toBe('together');
    await expect(tokens('eval', 'run', 'dataset.jsonl')).rejects.toThrow('Unexpected word "dataset.jsonl"');
    await expect(tokens('list', 'models', 'a', 'b')).rejects.toThrow('Unexpected word "b"');
  });

  it('reads --no-serve as an option without an override', async () => {
    expect(await invocation(['eval', 'run', '--no-serve'])).toMatchObject({
      overrides: [],
      options: { 'no-serve': true },
    });
    expect((await invocation(['eval', 'run'])).options['no-serve']).toBeUndefined();
  });
});

describe('older program names', () => {
  it('stand for words of the tree', () => {
    expect(legacyWords('ng')).toEqual([]);
    expect(legacyWords('ng_collect_rollouts')).toEqual(['eval', 'run', '--no-serve']);
    expect(legacyWords('nemo_gym_dump_config')).toEqual(['env', 'resolve']);
  });
});
