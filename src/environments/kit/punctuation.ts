/** The text without the characters of Python's `string.punctuation`, which are those of ASCII. */
export function withoutPunctuation(text: string): string {
  return text.replace(/[!-/:-@[-`{-~]/g, '');
}
