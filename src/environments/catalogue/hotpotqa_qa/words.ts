const CARDINALS =
  'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty';
const ORDINALS =
  'first 1st, second 2nd, third 3rd, fourth 4th, fifth 5th, nineteenth 19th, twentieth 20th, twenty-first 21st';

const PAIRS = [
  ...CARDINALS.split(' ').map((word, at) => [word, String(at + 1)] as const),
  ...ORDINALS.split(', ').map((pair) => pair.split(' ') as [string, string]),
];

/** Numbers in words and in digits, both ways. */
export const DIGITS_OF: ReadonlyMap<string, string> = new Map(PAIRS);
export const WORD_OF: ReadonlyMap<string, string> = new Map(PAIRS.map(([word, digits]) => [digits, word]));

/** Words that make no name. */
export const STOPWORDS: ReadonlySet<string> = new Set(
  (
    'the a an of in on at for and or to by is was are were be been with from that this it its his her my our their ' +
    'no not but if as into about than then'
  ).split(' '),
);
