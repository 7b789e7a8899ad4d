import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { load, mistake } from './support.js';

const MCQA = 'mcqa:\n  resources_servers:\n    mcqa: {entrypoint: app.py, domain: math}\n';
const PACKAGE = path.resolve(import.meta.dirname, '../..');

/** What the user sees, letter by letter: what is wrong, where, and what to do. */
describe('messages for mistakes in configuration', () => {
  it('missing file', async () => {
    const text = await mistake({
      overrides: ['+config_paths=[nope.yaml]'],
      env: { NEMO_GYM_EXTRA_ROOTS: 'more' },
    });
    expect(text.replaceAll(PACKAGE, '<package>')).toBe(
      `Configuration file "nope.yaml" does not exist. Looked for:
    <cwd>/more/nope.yaml
    <cwd>/nope.yaml
    <package>/configs/nope.yaml
    <package>/data/nope.yaml
  at config_paths
  fix: Correct the path, or add its root folder to NEMO_GYM_EXTRA_ROOTS (--search-dir).`,
    );
  });

  it('missing file named by another file', async () => {
    const text = await mistake({ files: { 'a.yaml': 'x: 1\nconfig_paths:\n- /nope.yaml\n' } });
    expect(text).toBe(
      `Configuration file "/nope.yaml" does not exist. Looked for:
    /nope.yaml
  at a.yaml:3:config_paths
  fix: Correct the path, or add its root folder to NEMO_GYM_EXTRA_ROOTS (--search-dir).`,
    );
  });

  it('folder instead of a file', async () => {
    const text = await mistake({ files: { 'sub/b.yaml': '' }, overrides: ['+config_paths=[sub]'] });
    expect(text).toBe(
      `Cannot read the configuration file: it is a folder.
  at sub
  fix: Name the YAML file inside it.`,
    );
  });

  it.each([
    [
      'x: 1\ny: [1\nz: 2\n',
      `Not valid YAML: a "[" or "{" above this line is not closed.
    z: 2
    ^
  at a.yaml:3:1`,
    ],
    [
      'x: 1\nx: 2\n',
      `Not valid YAML: this key is already given in the same mapping.
    x: 2
    ^
  at a.yaml:2:1`,
    ],
    [
      'x: {b: 1}\ny: "open\n',
      `Not valid YAML: this quote is never closed.
    y: "open
       ^
  at a.yaml:2:4`,
    ],
    [
      'x: 1\n---\ny: 2\n',
      `Not valid YAML: a second document begins here; one file holds one.
    ---
    ^
  at a.yaml:2:1`,
    ],
  ])('bad YAML %j', async (yaml, expected) => {
    expect(await mistake({ files: { 'a.yaml': yaml } })).toBe(
      `${expected}\n  fix: Correct the file at this line; text with special characters goes in quotes.`,
    );
  });

  it('bad YAML next to a secret', async () => {
    const text = await mistake({ files: { 'env.yaml': 'policy_api_key: "sk-123\n' } });
    expect(text).toBe(
      `Not valid YAML: this quote is never closed.
    policy_api_key: "******
                    ^
  at env.yaml:1:17
  fix: Correct the file at this line; text with special characters goes in quotes.`,
    );
  });

  it('list instead of a mapping', async () => {
    expect(await mistake({ files: { 'a.yaml': '- 1\n' } })).toBe(
      `A configuration file must be a mapping (key: value); this one is a list.
  at a.yaml:1
  fix: Put the content under a key.`,
    );
  });

  it('base-60 number', async () => {
    expect(await mistake({ files: { 'a.yaml': 'x: 12:30\n' } })).toBe(
      `"12:30" is a base-60 number in YAML 1.1, which is hardly what is meant.
  at a.yaml:1:4
  fix: Quote it to keep it as text: "12:30".`,
    );
  });

  it('number that cannot be held', async () => {
    expect(await mistake({ files: { 'a.yaml': 'seed: 9007199254740993\n' } })).toBe(
      `9007199254740993 is too large to be held exactly.
  at a.yaml:1:7
  fix: Quote it to keep it as text: "9007199254740993".`,
    );
  });

  it('values left to the user', async () => {
    expect(await mistake({ files: { 'a.yaml': 'x:\n  y: ???\n  l: [1, "???"]\n' } })).toBe(
      `2 values are left as "???" to be given by you:
    a.yaml:2: x.y
    a.yaml:3: x.l[1]
  fix: Add to the command: ++x.y=<value> ++x.l[1]=<value>`,
    );
  });

  it('policy values that no env.yaml gives', async () => {
    const model =
      'm:\n  base_url: ${policy_base_url}\n  api_key: ${policy_api_key}\n  model: ${policy_model_name}\n';
    expect(await mistake({ files: { 'a.yaml': model } })).toBe(
      `Values that others refer to are not set:
    a.yaml:2: m.base_url needs "policy_base_url"
    a.yaml:3: m.api_key needs "policy_api_key"
    a.yaml:4: m.model needs "policy_model_name"
  fix: Add +policy_base_url=… (--model-url) +policy_api_key=… (--model-api-key) +policy_model_name=… (--model) to the command, or put this into env.yaml in the working directory:
    policy_base_url: https://api.openai.com/v1
    policy_api_key: <your key>
    policy_model_name: <model name>`,
    );
  });

  it('another value that is not there', async () => {
    expect(await mistake({ files: { 'a.yaml': 'judge_uri: x\njudge: ${judge_url}\n' } })).toBe(
      `A value that others refer to is not set:
    a.yaml:2: judge needs "judge_url" (there is "judge_uri")
  at a.yaml:2:judge
  fix: Add ++judge_url=<value> to the command, or put the key in env.yaml.`,
    );
  });

  it('environment variable that is not set', async () => {
    expect(await mistake({ files: { 'a.yaml': 'x: ${oc.env:JUDGE_KEY}\n' } })).toBe(
      `Cannot compute \${oc.env:JUDGE_KEY}: the environment variable JUDGE_KEY is not set.
  at a.yaml:1:x
  fix: Run "export JUDGE_KEY=<value>" first, or give a default: \${oc.env:JUDGE_KEY,<default>}.`,
    );
  });

  it('circle', async () => {
    expect(await mistake({ files: { 'a.yaml': 'x: ${y}\ny: ${z}\nz: p${x}\n' } })).toBe(
      `These values refer to each other in a circle: x -> y -> z -> x.
  at a.yaml:1:x
  fix: Give one of them a value of its own.`,
    );
  });

  it('unknown resolver', async () => {
    expect(await mistake({ files: { 'a.yaml': 'x: ${oc.evn:HOME}\n' } })).toBe(
      `Unknown resolver "oc.evn". Did you mean "oc.env"?
  at a.yaml:1:x
  fix: Known resolvers: oc.env, oc.decode, oc.select, oc.create, oc.deprecated, oc.dict.keys, oc.dict.values.`,
    );
  });

  it('interpolation that is not closed', async () => {
    expect(await mistake({ files: { 'a.yaml': 'x: a${b\n' } })).toBe(
      `Cannot read the interpolation: this interpolation is never closed.
    a\${b
     ^
  at a.yaml:1:x
  fix: Add "}" at its end.`,
    );
  });

  it('unknown source of an inheritance', async () => {
    expect(await mistake({ files: { 'a.yaml': 'x:\n  _inherit_from: mqca\nmcqa: {}\n' } })).toBe(
      `"mqca", to be inherited, does not exist. Did you mean "mcqa"?
  at a.yaml:2:x
  fix: Correct the path (from the top, with dots), or add the file that defines it to config_paths.`,
    );
  });

  it('reference to a server that does not exist', async () => {
    const agent =
      'ag:\n  responses_api_agents:\n    simple_agent:\n      entrypoint: app.py\n' +
      '      resources_server: {type: resources_servers, name: mqca}\n';
    expect(await mistake({ files: { 'a.yaml': MCQA + agent } })).toBe(
      `No server "mqca" among resources_servers. Did you mean "mcqa"?
  at a.yaml:8:ag.responses_api_agents.simple_agent.resources_server
  fix: Defined resources_servers: mcqa. Correct the name, or add the file that defines "mqca" to config_paths.`,
    );
  });

  it('block that is almost a server', async () => {
    const files = { 'a.yaml': 'mcqa:\n  resources_servers:\n    mcqa: {entrypoint: app.py, port: abc}\n' };
    const message = `"mcqa" looks like a server but cannot be one:
    a.yaml:3: mcqa.resources_servers.mcqa.port must be a whole number
    a.yaml:3: mcqa.resources_servers.mcqa.domain is missing`;
    expect(await mistake({ files })).toBe(
      `${message}\n  fix: Correct these fields, or pass +error_on_almost_servers=false to go on without the block.`,
    );
    const tolerated = await load({ files, overrides: ['+error_on_almost_servers=false'] });
    expect(tolerated.warnings).toEqual([message]);
    expect(tolerated.servers).toEqual([]);
  });

  it('config_paths that is no list', async () => {
    expect(await mistake({ overrides: ['+config_paths=a.yaml'] })).toBe(
      `"config_paths" must be a list of paths.
  at config_paths
  fix: Write it with brackets: "+config_paths=[a.yaml,b.yaml]".`,
    );
  });

  it('mapping laid over a list', async () => {
    expect(await mistake({ files: { 'a.yaml': 'x: [1, 2]\n' }, overrides: ['++x.0=5'] })).toBe(
      `"x" is a list (a.yaml:1); a mapping cannot be laid over it.
  at x
  fix: Give the whole list, e.g. ++x=[…]; single entries cannot be changed.`,
    );
  });

  it('argument that asks for several runs', async () => {
    expect(await mistake({ overrides: ['+a=1,2'] })).toBe(
      `Cannot read the argument: a comma outside brackets and quotes asks for several runs.
    +a=1,2
        ^
  fix: For a list write key=[a,b]; for text with a comma write 'key="a,b"'.`,
    );
  });

  it('argument with a secret and a character that needs quotes', async () => {
    expect(await mistake({ overrides: ['+policy_api_key=sk-aa~bb'] })).toBe(
      `Cannot read the argument: "~" cannot stand unquoted here.
    +policy_api_key=*****~**
                         ^
  fix: Put the value in quotes inside the argument: 'key="…"'.`,
    );
  });

  it('argument without a plus', async () => {
    expect(await mistake({ overrides: ['limit=5'] })).toBe(
      `"limit" is not set on the command line, so there is nothing to change.
  fix: Write +limit=5; "key=value" without "+" only changes an earlier argument, never a file.`,
    );
  });

  it('argument given twice', async () => {
    expect(await mistake({ overrides: ['+limit=5', '+limit=6'] })).toBe(
      `"limit" is given twice on the command line: +limit=5 and then +limit=….
  fix: Remove one of them, or write ++limit=… to let the later one win.`,
    );
  });

  it('argument that removes what is not there', async () => {
    expect(await mistake({ overrides: ['~limit'] })).toBe(
      `"~limit" removes "limit", which no earlier argument has set.
  fix: "~" only takes back an argument. To empty a value from a file, write ++limit=null.`,
    );
  });

  it('explaining a key that is not there', async () => {
    const config = await load({ files: { 'a.yaml': MCQA } });
    expect(() => config.explain('mcqa.resources_server')).toThrow(
      expect.objectContaining({
        message:
          'There is no "mcqa.resources_server" in the configuration. Did you mean "resources_servers"?',
        hint: 'Keys of "mcqa": resources_servers.',
      }),
    );
  });
});
