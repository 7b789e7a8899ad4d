import { describe, expect, it } from 'vitest';
import { agentBehind } from '../../src/config/index.js';
import { readParameters } from '../../src/rollouts/parameters.js';
import { load } from './support.js';

const server = (kind: string, agent: string) =>
  `  environment_servers:\n    ${kind}: {entrypoint: app.py, agent_server: {type: responses_api_agents, name: ${agent}}}\n`;

const FILES = {
  'a.yaml': `relay:\n${server('legacy_agent', 'player')}director:\n${server('single_agent_turn', 'other')}several:\n  environment_servers:\n    nemo_user_sim: {entrypoint: app.py}\n`,
};

describe('environment servers of 0.7.0', () => {
  it('that only relay are no matter, and those that direct are told of', async () => {
    const { warnings, servers } = await load({ files: FILES, overrides: ['+config_paths=[a.yaml]'] });
    expect(servers).toEqual([]);
    expect(warnings).toEqual([
      'a.yaml:6: director.environment_servers.single_agent_turn is not run: "other" plays by itself, with the environment of its own block.',
      'a.yaml:9: several.environment_servers.nemo_user_sim is not run: agents play by themselves.',
    ]);
  });

  it('can be named in place of their agents', async () => {
    const named = async (name: string) => {
      const overrides = [
        '+config_paths=[a.yaml]',
        '+input_jsonl_fpath=i',
        '+output_jsonl_fpath=o',
        `+agent_name=${name}`,
      ];
      return readParameters(await load({ files: FILES, overrides }), { split: false }).agentName;
    };
    expect(await named('relay')).toBe('player');
    expect(await named('director')).toBe('other');
    expect(await named('player')).toBe('player');
    expect(agentBehind({ a: null, b: { environment_servers: [] } }, 'b')).toBeUndefined();
  });
});
