/** The commands that ask a running platform have a table and a parser of their own: they take no overrides. */
const CLIENT_WORDS = /^(secrets|inference|models|chat|wait|config|workspaces|tokens)$/;

/** True when the first word that is no flag, nor a flag's value, is one of the client's. */
export function isClientWord(words: readonly string[]): boolean {
  let at = 0;
  while (at < words.length && words[at]!.startsWith('-')) {
    at += /^(--workspace|-w|--base-url|--output-format|--output|--format|-f)$/.test(words[at]!) ? 2 : 1;
  }
  return CLIENT_WORDS.test(words[at] ?? '');
}
