/**
 * How a value can be told from ordinary text. `none`: it stands where no key is needed, or is too short to look for;
 * `everyday`: it can well be a word of an answer, so it is removed from messages but not from what models and users
 * wrote; `strong`: wherever it stands, it is the secret; `credential`: so surely that no name of a field is like it.
 */
export type Strength = 'none' | 'everyday' | 'strong' | 'credential';

const MIN_MESSAGE = 6;
const MIN_CONTENT = 8;

/** Words that people put where no key is needed; nobody need be told that they are not removed. */
const NO_KEY = new Set([
  ...[
    'embedded',
    'empty',
    'none',
    'null',
    'unused',
    'undefined',
    'placeholder',
    'policy',
    'changeme',
    'dummy',
  ],
  ...[
    'not-needed',
    'not_needed',
    'no-key',
    'no-key-needed',
    'no-key-required',
    'sk-no-key-required',
    'your-api-key',
  ],
  ...['api-key', 'apikey', 'secret', 'password', 'dummy_key', 'dummy-key', 'dummykey'],
]);

/** Words that servers without keys are given, and that answers hold: they name no secret, but a key may be meant. */
const CUSTOMARY = new Set(['ollama', 'lm-studio', 'lmstudio', 'string', 'test', 'vllm', 'sglang', 'local']);

/** A secret that was masked before it came here, as in the configuration of a head server. */
const MASKED = /^\*{3,4}$/;

const noKey = (value: string): boolean => NO_KEY.has(value.toLowerCase()) || MASKED.test(value);

const WORDS = /^[-_./]*[A-Za-z]+(?:[-_ ./]+[A-Za-z]+)*[-_./]*$/;
const ONE_CASE = /^(?:[A-Z]?[a-z]*|[A-Z]*)$/;
/** A word of more letters is more likely a password. */
const LONGEST_WORD = 12;
const MAX_WORDS = 20;
const MAX_DIGITS = 16;
const MIN_CREDENTIAL = 16;
const MIN_CREDENTIAL_DIGITS = 5;
const MAX_NUMBERED = 12;

function wordLike(value: string): boolean {
  if (!WORDS.test(value) || value.length >= MAX_WORDS) return false;
  return value.split(/[-_ ./]/).every((word) => word.length <= LONGEST_WORD && ONE_CASE.test(word));
}

/** A word, words with `-`, `_`, `.` or blanks between, a number, a date, a word with a number behind it. */
function everyday(value: string): boolean {
  if (value.length < MIN_CONTENT || CUSTOMARY.has(value.toLowerCase())) return true;
  if (/^[\d\-_.:/ ]+$/.test(value)) return value.length < MAX_DIGITS;
  const numbered = /^(.*[A-Za-z])[-_ ]?\d{1,4}$/.exec(value);
  if (numbered !== null && value.length < MAX_NUMBERED) return wordLike(numbered[1]!);
  return wordLike(value);
}

function credential(value: string): boolean {
  const digits = value.replace(/\D/g, '').length;
  return value.length >= MIN_CREDENTIAL && digits >= MIN_CREDENTIAL_DIGITS && digits < value.length;
}

/** How well the value of a secret can be looked for. */
export function strengthOf(secret: string): Strength {
  const value = secret.trim();
  if (noKey(value) || value === '') return 'none';
  if (everyday(value))
    return value.length < MIN_MESSAGE || CUSTOMARY.has(value.toLowerCase()) ? 'none' : 'everyday';
  return credential(value) ? 'credential' : 'strong';
}

/** Whether a value may be meant as a secret and yet stays in content: what the user should be told. */
export function staysInContent(secret: string): boolean {
  const value = secret.trim();
  return value !== '' && !noKey(value) && everyday(value);
}
