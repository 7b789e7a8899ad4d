import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConfigValue } from '../../src/config/index.js';
import { treeToYaml } from '../../src/config/dump-yaml.js';
import { fromPlain, mapToPlain } from '../../src/config/tree/index.js';
import { readYaml } from '../../src/config/yaml/index.js';
import { load } from './support.js';

describe('YAML dump', () => {
  it('reads back to the same values', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({
        unit: fc.constantFrom('a', ' ', '\n', ':', '#', '-', '"', "'", '0', '.', '\\', '%', '|', '?'),
      }),
      fc.constantFrom(
        'yes',
        'null',
        '~',
        '1e3',
        '0x1',
        '12:30',
        '2024-01-01',
        '- a',
        '<<',
        '=',
        '---',
        '???',
      ),
    );
    const { value } = fc.letrec<{ value: ConfigValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        text,
        fc.constantFrom(null, true, false),
        fc.maxSafeInteger().map((int) => int + 0),
        fc.double({ noNaN: true }).map((float) => float + 0),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(text, tie('value'), { maxKeys: 3 }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(text, value, { maxKeys: 4 }), (plain) => {
        const dumped = treeToYaml(fromPlain(plain, { source: 'default' }));
        expect(mapToPlain(readYaml(dumped, 'dump.yaml'))).toEqual({ ...plain });
      }),
      { numRuns: 500 },
    );
  });

  it('keeps order, floats and text, and masks secrets', async () => {
    const config = await load({
      files: {
        'a.yaml': `z: 1.0
tiny: 1e-6
day: 2024-01-01
a: "yes"
prompt: |
  Hello

    there
policy_api_key: sk-0123456789
header: Bearer sk-0123456789
url: https://user:pa55word@host/v1?api_key=abc&limit=5
max_output_tokens: 5
empty: {l: [], m: {}, s: "", n: null}
nested: [[1, {k: v}], 2]
`,
      },
    });
    expect(config.toYaml()).toBe(`z: 1.0
tiny: 1.0e-06
day: "2024-01-01"
a: "yes"
prompt: |
  Hello

    there
policy_api_key: "****"
header: Bearer ****
url: https://****@host/v1?api_key=****&limit=5
max_output_tokens: 5
empty:
  l: []
  m: {}
  s: ""
  n: null
nested:
  - - 1
    - k: v
  - 2
config_paths:
  - a.yaml
`);
  });
});
