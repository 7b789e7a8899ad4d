import { findAll, lower, pythonRegex, strip } from '../../../python/index.js';

const line = (label: string, value: string) =>
  pythonRegex(String.raw`^\s*${label}\s*:\s*${value}\s*$`, { ignoreCase: true, multiline: true });

const USER = line(String.raw`User\s+Safety`, '(safe|unsafe)');
const RESPONSE = line(String.raw`Response\s+Safety`, '(safe|unsafe)');
const CATEGORIES = line(String.raw`Safety\s+Categories`, '(.*?)');
const NO_CATEGORY = ['', 'n/a', 'na', 'none', 'null', 'safe'];

/** What the safety model says in lines of its own; of a label that it gives several times, the last counts. */
export function readSafety(text: string) {
  const label = (pattern: typeof USER): string | null => {
    const found = findAll(pattern, text).at(-1);
    return found === undefined ? null : lower(found);
  };
  const named = strip(findAll(CATEGORIES, text).at(-1) ?? '');
  return {
    user_safety: label(USER),
    response_safety: label(RESPONSE),
    safety_categories: NO_CATEGORY.includes(lower(named))
      ? []
      : named
          .split(',')
          .map((category) => strip(category))
          .filter((category) => category !== ''),
  };
}
