import { lower } from '../../../python/index.js';

/** Which language it is, only the original's trained and random detector can tell. */
export class UnsureLanguage extends Error {}

/** Languages that are alone with their script. */
const SCRIPTS: Readonly<Record<string, RegExp>> = {
  ta: /\p{Script=Tamil}/gu,
  te: /\p{Script=Telugu}/gu,
  kn: /\p{Script=Kannada}/gu,
  ml: /\p{Script=Malayalam}/gu,
  gu: /\p{Script=Gujarati}/gu,
  pa: /\p{Script=Gurmukhi}/gu,
  bn: /\p{Script=Bengali}/gu,
  th: /\p{Script=Thai}/gu,
  el: /\p{Script=Greek}/gu,
  he: /\p{Script=Hebrew}/gu,
  ko: /\p{Script=Hangul}/gu,
};

/** Words of English that are everyday there and nowhere else. */
const COMMON = new Set(
  (
    'the and that it for are with his they be this have from by but not what all were when your can said there use ' +
    'each which she do how their if will about many then them these some her would make like him into has look two ' +
    'more go see my could than been who its did get you those any without because only also very other such being ' +
    'does own just should through between after before over under where while both same always never every'
  ).split(' '),
);
const SURE_WORDS = 2;
const SURE_SHARE = 0.25;

/**
 * Whether a text is in a language (ISO 639-1), where that is beyond doubt: by a script that no other language has, or
 * by enough everyday words of English. A text without any letter counts as every language. Throws {@link UnsureLanguage}.
 */
export function isLanguage(text: string, language: string): boolean {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  if (letters === 0) return true;
  for (const [code, script] of Object.entries(SCRIPTS)) {
    const share = (text.match(script)?.length ?? 0) / letters;
    if (share > 0.9) return code === language;
    if (share === 0 && code === language) return false;
  }
  const words = lower(text).match(/[a-z]+/g) ?? [];
  const common = words.filter((word) => COMMON.has(word)).length;
  const ascii = (text.match(/[a-z]/gi)?.length ?? 0) === letters;
  if (ascii && common >= SURE_WORDS && common / words.length >= SURE_SHARE) return language === 'en';
  throw new UnsureLanguage('which language the text is in');
}
