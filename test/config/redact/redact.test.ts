import { describe, expect, it } from 'vitest';
import { isSecretKey } from '../../../src/config/index.js';
import { load } from '../support.js';

describe('secrets', () => {
  it.each([
    'api_key',
    'policy_api_key',
    'openaiApiKey',
    'x-api-key',
    'hf_token',
    'gateway_token',
    'client_password',
    'client_secret',
    'Authorization',
    'aws_secret_access_key',
    'api_keys',
    'token',
  ])('%s names one', (key) => {
    expect(isSecretKey(key)).toBe(true);
  });

  it.each([
    'max_output_tokens',
    'tokenizer',
    'monkey',
    'keys',
    'key',
    'eos_token',
    'abstention_token',
    'output_cost_per_token',
    'return_token_id_information',
    'passport',
    'author',
    'secretary',
  ])('%s names none', (key) => {
    expect(isSecretKey(key)).toBe(false);
  });

  it('are listed by value, longest first, wherever they come from', async () => {
    const config = await load({
      files: {
        'a.yaml': `
key_holder: {api_key: "\${oc.env:SOME_VALUE}"}
by_variable: "\${oc.env:JUDGE_API_KEY}"
headers: {Authorization: Bearer header-secret}
url: postgres://user:url-password@host/db
several: {api_keys: [first-key, second-key]}
short: {api_key: EMPTY}
`,
      },
      env: { SOME_VALUE: 'from-environment', JUDGE_API_KEY: 'judge-secret' },
    });
    expect(config.secrets()).toEqual([
      'Bearer header-secret',
      'from-environment',
      'header-secret',
      'judge-secret',
      'url-password',
      'second-key',
      'first-key',
    ]);
    const shown = JSON.stringify(config.redacted()) + config.toYaml();
    for (const secret of config.secrets()) expect(shown).not.toContain(secret);
    expect(config.values['by_variable']).toBe('judge-secret');
  });

  it('hide the values of headers whose names are not known to be harmless', async () => {
    const config = await load({
      files: {
        'a.yaml': `
m:
  openai_default_headers: {X-Custom: first-value, User-Agent: me, Content-Type: application/json}
  default_headers: {x-gateway-route: {nested: second-value}}
  headers: none
header_order: [X-Custom]
`,
      },
    });
    expect(config.redacted()['m']).toEqual({
      openai_default_headers: { 'X-Custom': '****', 'User-Agent': 'me', 'Content-Type': 'application/json' },
      default_headers: { 'x-gateway-route': { nested: '****' } },
      headers: 'none',
    });
    expect(config.redacted()['header_order']).toEqual(['X-Custom']);
    expect(config.toYaml() + config.explain('m.openai_default_headers')).not.toContain('first-value');
    for (const argument of [
      '+m.default_headers.x-a=seen-by-none',
      '+m.default_headers={x-a: seen-by-none}',
    ]) {
      const overridden = await load({ overrides: [argument] });
      expect(overridden.explain('m.default_headers')).not.toContain('seen-by-none');
    }
  });

  it('leave empty values visible', async () => {
    const config = await load({ overrides: ['+api_key=null', '+hf_token='] });
    expect(config.redacted()).toEqual({ api_key: null, hf_token: '' });
  });
});
