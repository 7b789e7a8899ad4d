import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineEnvironment } from '../../src/environments/index.js';
import type { EnvironmentSpec } from '../../src/environments/index.js';

type Spec = Partial<EnvironmentSpec<Readonly<Record<string, unknown>>, unknown, { calls: number }, never>>;

const modeOf = (spec: Spec): string | undefined =>
  defineEnvironment({ name: 'x', verify: () => ({ reward: 1 }), ...spec }).reverifyMode;

/** State that the tools change. */
const stateful = {
  open: () => ({ calls: 0 }),
  tools: { add: { run: (session: { calls: number }) => (session.calls += 1) } },
} as unknown as Spec;

describe('whether stored replies can be verified again', () => {
  it('shows in the definition: without a session, or without tools that change it', () => {
    expect(modeOf({})).toBe('stateless');
    expect(modeOf({ open: () => ({ calls: 1 }) })).toBe('stateless');
    expect(modeOf({ tools: stateful.tools! })).toBe('stateless');
    expect(modeOf({ ...stateful, verify: ({ session }) => ({ reward: session.calls }) })).toBe('unknown');
  });

  it('shows in what a verifier takes', () => {
    const reward = { reward: 1 };
    const free: Spec['verify'][] = [
      ({ response }) => ({ reward: response.output.length }),
      async ({ row, config }) => Promise.resolve({ reward: Number(row === config) }),
      function named({ row: { responses_create_params: request } /* session */ }) {
        return { reward: Number(request === null) };
      },
      () => reward,
    ];
    expect(
      modeOf({
        ...stateful,
        verify({ response: { output } }) {
          return { reward: output.length };
        },
      }),
    ).toBe('stateless');
    for (const verify of free) expect(modeOf({ ...stateful, verify: verify! })).toBe('stateless');
    const bound: Spec['verify'] = ({ row }) => ({ reward: Number(row === null) });
    const doubtful: Spec['verify'][] = [
      (played) => ({ reward: played.session.calls }),
      ({ row, ...rest }) => ({ reward: rest.session.calls + Number(row === null) }),
      ({ session: mine }) => ({ reward: mine.calls }),
      ({ ['session']: mine }) => ({ reward: mine.calls }),
      bound.bind(null),
      function () {
        // eslint-disable-next-line prefer-rest-params -- this is what is tested
        return { reward: (arguments[0] as { session: { calls: number } }).session.calls };
      },
    ];
    for (const verify of doubtful) expect(modeOf({ ...stateful, verify: verify! })).toBe('unknown');
  });

  it('is what the author says, and unsupported where turns are scored', () => {
    expect(
      modeOf({
        ...stateful,
        verify: ({ session }) => ({ reward: session.calls }),
        reverifyMode: 'stateless',
      }),
    ).toBe('stateless');
    expect(defineEnvironment({ name: 'x', step: () => ({}) }).reverifyMode).toBe('unsupported');
  });
});

describe('keys of a block that decide no reward', () => {
  const operational = (spec: object): readonly string[] =>
    defineEnvironment({ name: 'x', verify: () => ({ reward: 1 }), ...spec }).operational!;

  it('are those of serving and time limits, and notes where nothing but the schema’s keys is given', () => {
    expect(operational({})).toEqual(
      expect.arrayContaining(['host', 'port', 'verify_timeout_seconds', 'mcp_row']),
    );
    expect(operational({})).not.toContain('value');
    const config = z.object({ tolerance: z.number() });
    expect(operational({ config })).toEqual(expect.arrayContaining(['value', 'description', 'domain']));
    expect(operational({ config })).not.toContain('tolerance');
    expect(operational({ config: z.looseObject({}) })).not.toContain('value');
  });

  it('are not those that the schema names, and those that the author lists', () => {
    const config = z.object({ value: z.number(), port: z.number(), cache: z.string() });
    const keys = operational({ config, operational: ['cache'] });
    expect(keys).toContain('cache');
    expect(keys).not.toContain('value');
    expect(keys).not.toContain('port');
  });
});
