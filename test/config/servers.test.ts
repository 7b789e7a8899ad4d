import { describe, expect, it } from 'vitest';
import { load, mistake } from './support.js';

describe('servers', () => {
  it('are top-level blocks with one type, one implementation and an entrypoint', async () => {
    const text = `
m: {responses_api_models: {inference_provider: {entrypoint: app.py, base_url: u}}}
e: {resources_servers: {mcqa: {entrypoint: app.py, domain: math, port: 8000}}}
no_entrypoint: {resources_servers: {mcqa: {domain: math}}}
not_a_server: {anything: 1}
head_server: {resources_servers: {mcqa: {entrypoint: app.py, domain: math}}}
`;
    const { servers } = await load({ files: { 'a.yaml': text } });
    expect(servers).toEqual([
      {
        name: 'm',
        type: 'responses_api_models',
        implementation: 'inference_provider',
        config: { entrypoint: 'app.py', base_url: 'u' },
      },
      {
        name: 'e',
        type: 'resources_servers',
        implementation: 'mcqa',
        config: { entrypoint: 'app.py', domain: 'math', port: 8000 },
      },
    ]);
  });

  it('lose the stand-in model when a real one is there, at whatever rank', async () => {
    const initial = {
      policy_model: { responses_api_models: { dummy_model: { entrypoint: 'dummy.py', d: 1 } } },
    };
    const files = {
      'a.yaml': 'policy_model: {responses_api_models: {openai_model: {entrypoint: app.py}}}\n',
    };
    expect((await load({ files, initial })).values['policy_model']).toEqual({
      responses_api_models: { openai_model: { entrypoint: 'app.py', d: 1 } },
    });
    expect((await load({ initial })).servers.map((server) => server.implementation)).toEqual(['dummy_model']);
  });

  it.each([
    [
      's: {resources_servers: {a: {entrypoint: x, domain: y}, b: {}}}\n',
      /exactly one implementation \(found: a, b\)/,
    ],
    ['s: {resources_servers: {a: {entrypoint: 5, domain: y}}}\n', /entrypoint must be a file name/],
    [
      's:\n  resources_servers: {a: {entrypoint: x, domain: y}}\n  responses_api_models: {a: {entrypoint: x}}\n',
      /one server has one type/,
    ],
    [
      's: {responses_api_agents: {a: {entrypoint: x, datasets: [{name: d, type: tests}]}}}\n',
      /datasets\[0\]\.type must be one of.*\n.*datasets\[0\]\.jsonl_fpath is missing/,
    ],
  ])('refuses %s', async (text, message) => {
    expect(await mistake({ files: { 'a.yaml': text } })).toMatch(message);
  });

  it('a reference to a server of another type says so', async () => {
    const text = `
m: {responses_api_models: {x: {entrypoint: app.py}}}
a: {responses_api_agents: {x: {entrypoint: app.py, resources_server: {type: resources_servers, name: m}}}}
`;
    expect(await mistake({ files: { 'a.yaml': text } })).toMatch(/"m" is one of responses_api_models/);
  });
});
