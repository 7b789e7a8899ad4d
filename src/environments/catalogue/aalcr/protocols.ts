import { isObject } from '../../../protocol/index.js';
import { failed } from '../../judge/ask.js';
import { promptAt } from '../../judge/prompt.js';
import type { EnvironmentSetup } from '../../kit/definition.js';

/** A way of judging belongs to one version of the dataset, named by its revision at the publisher. */
export interface Protocol {
  readonly version: string;
  readonly revision: string;
  /** The verdict that a reply gives; undefined where it gives none. */
  read(text: string): string | undefined;
}

const VERDICTS = ['CORRECT', 'INCORRECT'];

export const PROTOCOLS = {
  legacy_v1_0: {
    version: '1.0.0',
    revision: 'bdae010bbce259820c0e34c1d7cce210d966fb75',
    read: (text) => VERDICTS.find((verdict) => verdict === text),
  },
  official_v1_1: {
    version: '1.1',
    revision: '9a77ef56b717057ade24ceab4d273712a0b4f19e',
    read: verdictObject,
  },
} as const satisfies Record<string, Protocol>;

export type ProtocolName = keyof typeof PROTOCOLS;

/** `{"verdict": …}` and nothing else. Throws CallFailure `judge_failed` for any other reply. */
function verdictObject(text: string): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw failed('it is no JSON');
  }
  const verdict = isObject(parsed) && Object.keys(parsed).length === 1 ? parsed['verdict'] : undefined;
  if (typeof verdict === 'string' && VERDICTS.includes(verdict)) return verdict;
  throw failed('it is not {"verdict": "CORRECT"} or {"verdict": "INCORRECT"}');
}

export interface ProtocolPrompts {
  readonly system: string | null;
  readonly user: string;
}

/** The prompts of a protocol, which stand in the reference's program; a file of the user's comes alone. */
export function promptsOf(
  setup: EnvironmentSetup<{ judge_prompt_template_fpath?: string | null | undefined }>,
  protocol: ProtocolName,
): ProtocolPrompts {
  const file = setup.config.judge_prompt_template_fpath;
  if (file != null) return { system: null, user: promptAt(setup, { server: 'aalcr', file, read: 'text' }) };
  const theirs = (...after: string[]): string =>
    promptAt(setup, { server: 'aalcr', file: 'app.py', read: { after } });
  const first = ['def _build_judge_input', 'user_prompt = '];
  return protocol === 'legacy_v1_0'
    ? { system: null, user: theirs(...first) }
    : { system: theirs('\nV1_1_SYSTEM_PROMPT = '), user: theirs(...first, 'user_prompt = ') };
}
