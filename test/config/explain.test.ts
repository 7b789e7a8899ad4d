import { describe, expect, it } from 'vitest';
import { load } from './support.js';

describe('explain', () => {
  it('tells the value, its place, what it uses and what it replaced', async () => {
    const config = await load({
      files: {
        'a.yaml':
          'config_paths: [b.yaml]\nlimit: 1.0\nmodel: {api_key: "${policy_api_key}", url: "${base}/v1"}\n',
        'b.yaml': 'limit: 2\nbase: http://h\n',
        'env.yaml': 'policy_api_key: sk-0123456789\n',
      },
      overrides: ['++limit=3'],
    });
    expect(config.explain('limit')).toBe(`limit = 3
  from     argument ++limit=3
  replaced 1.0, from a.yaml:2
  replaced 2, from b.yaml:1`);
    expect(config.explain('model')).toBe(`model.api_key = ****
  from     a.yaml:3, written \${policy_api_key}
  uses     policy_api_key = ****, from env.yaml:1
model.url = "http://h/v1"
  from     a.yaml:3, written \${base}/v1
  uses     base = "http://h", from b.yaml:2`);
  });

  it('tells of inherited values where they were written', async () => {
    const files = { 'a.yaml': 'src: {k: 1, l: []}\nx:\n  _inherit_from: src\n  k: 2\n' };
    const config = await load({ files });
    expect(config.explain('x.k')).toBe(`x.k = 2
  from     a.yaml:4
  replaced 1, from a.yaml:1`);
    expect(config.explain('x.l')).toBe(`x.l = []
  from     a.yaml:1`);
  });

  it('shows no secret in any form', async () => {
    const config = await load({
      files: { 'env.yaml': 'hf_token: old-secret-1\n', 'a.yaml': 'hf_token: older-secret\n' },
      overrides: ['++hf_token=new-secret-1', "+header='Bearer new-secret-1'", '+all={api_key: other-secret}'],
    });
    const text = ['hf_token', 'header', 'all'].map((key) => config.explain(key)).join('\n');
    expect(text).not.toMatch(/secret/);
    expect(text).toMatch(/replaced \*\*\*\*, from env\.yaml:1/);
  });
});
