import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/environments/kit/seeded-random.js';
import { stringLiteral, StringLiteralError } from '../../src/python/index.js';
import { askPython } from './ask-python.js';

const LITERALS = [
  `"plain"`,
  `'it\\'s'`,
  `"""two\nlines, "quoted" and \\"\\"\\" escaped\n"""`,
  `"""\\\nbegins on the next line"""`,
  `r"raw \\n \\" stays"`,
  `'''a\\tb\\x41\\u00e9\\U0001F600\\101\\0'''`,
  `("one " 'two'\n    # a remark\n    """three""")`,
  `"side " "by side"`,
  `"unknown \\d escape"`,
  `""`,
];

describe('string literals of Python', () => {
  it('reads what Python reads', () => {
    const known = askPython<string>(
      'import ast, warnings\nwarnings.simplefilter("ignore")\nout = ast.literal_eval(given)',
      LITERALS,
    );
    if (known === undefined) return;
    for (const [index, literal] of LITERALS.entries()) expect(stringLiteral(literal, 0)).toBe(known[index]);
  });

  it('reads random texts as Python writes them', () => {
    const random = seededRandom(7);
    const letters = ['a', '"', "'", '\\', '\n', '\t', 'é', '😀', '\x00', '\x7f', '{', '}', ' '];
    const texts = Array.from({ length: 300 }, () =>
      Array.from(
        { length: Math.floor(random() * 12) },
        () => letters[Math.floor(random() * letters.length)]!,
      ).join(''),
    );
    const written = askPython<[string, string]>('out = [repr(given), ascii(given)]', texts);
    if (written === undefined) return;
    for (const [index, forms] of written.entries()) {
      for (const form of forms) expect(stringLiteral(form, 0)).toBe(texts[index]);
    }
  });

  it('begins where it is told, and ends with the literal', () => {
    const source = 'A = """first"""\nB = f"""{x} second"""\n"not this"';
    expect(stringLiteral(source, source.indexOf('B = ') + 4)).toBe('{x} second');
  });

  it.each([
    ['no string', 'x'],
    ['one that is not closed', '"x'],
    ['bytes', 'b"x"'],
    ['names of characters', '"\\N{DASH}"'],
  ])('refuses %s', (_, source) => {
    expect(() => stringLiteral(source, 0)).toThrow(StringLiteralError);
  });
});
