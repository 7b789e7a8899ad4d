import { isQuoted, quote } from './quote.js';

const WORDS_WITH_A_TYPE = /^(?:true|false|null|inf|nan)$/i;
const PLAIN = /^(?:\.{0,2}\/|[A-Za-z_])[\w./:-]*$/;
/** A flag's text as a value of the override grammar: bare where that reads the same, else quoted. */
export function textValue(text: string): string {
  return isQuoted(text) || (PLAIN.test(text) && !WORDS_WITH_A_TYPE.test(text)) ? text : quote(text);
}
