import { describe, expect, it } from 'vitest';
import { readXml } from '../../../src/environments/kit/data-formats/expat.js';
import { askPython } from '../../python/ask-python.js';
import { randomFrom } from '../../python/regex/grammar.js';

const CASES = Number(process.env['NGYM_FUZZ'] ?? 3000);

const PIECES = [
  ...['<a>', '</a>', '<b x="1">', '</b>', '<c/>', '<d y=\'é\' z="&amp;"/>', 'words', ' ', '\n', '\r\n', '\t'],
  ...['<!-- c -->', '<!--', '-->', '--', '<![CDATA[', ']]>', '<?pi x?>', '<?xml version="1.0"?>', '<?', '?>'],
  ...[
    '&lt;',
    '&#65;',
    '&#x1F600;',
    '&#0;',
    '&nope;',
    '&',
    ';',
    '<',
    '>',
    '/',
    '=',
    '"',
    "'",
    '!',
    '?',
    '#',
    '%',
  ],
  ...[
    '(',
    ')',
    '[',
    ']',
    '|',
    ',',
    '*',
    '+',
    '{',
    '1',
    '-',
    ':',
    '_',
    'é',
    '中',
    '😀',
    '\u0001',
    '<!DOCTYPE a>',
    '<!X y>',
  ],
  ...[
    '<a',
    ' x=',
    ' x="1"',
    '</',
    '<1>',
    '< a>',
    '.5',
    'NaN',
    '<é>',
    '</é>',
    '&#xD800;',
    ']]',
    '<!',
    '<![',
    '&#',
  ],
];

const DOCUMENT = '<root><name lang="en">a &amp; b</name><age>5</age><!-- c --><t><![CDATA[<x>]]></t></root>';

function draw(random: () => number): string {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  if (random() < 0.4)
    return Array.from({ length: 1 + Math.floor(random() * 6) }, () => pick(PIECES)).join('');
  const at = Math.floor(random() * DOCUMENT.length);
  const to = at + Math.floor(random() * 4);
  const changed = DOCUMENT.slice(0, at) + (random() < 0.8 ? pick(PIECES) : '') + DOCUMENT.slice(to);
  const cut = random() < 0.3 ? changed.slice(0, Math.floor(random() * changed.length)) : changed;
  // Half of a character is none.
  return cut.replace(/[\ud800-\udfff]/gu, '');
}

/** What is said, or the message. Texts that follow each other are one: the parts in which Expat gives them are its own. */
function ours(source: string): unknown {
  const said: unknown[] = [];
  let text = '';
  const flush = (): void => {
    if (text !== '') said.push(text);
    text = '';
  };
  try {
    readXml(source, {
      open(name, attributes) {
        flush();
        said.push([name, attributes]);
      },
      text(more) {
        text += more;
      },
      close() {
        flush();
        said.push(null);
      },
    });
  } catch (error) {
    return (error as Error).message;
  }
  return said;
}

const PYTHON = `
from xml.parsers import expat
said, text = [], []
def flush():
    if text: said.append("".join(text))
    text.clear()
def start(name, attributes):
    flush()
    said.append([name, [list(pair) for pair in zip(attributes[::2], attributes[1::2])]])
def end(name):
    flush()
    said.append(None)
parser = expat.ParserCreate("utf-8")
parser.ordered_attributes = True
parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text.append
try:
    parser.Parse(given.encode("utf-8"), True)
    out = said
except expat.ExpatError as error:
    out = "ExpatError: " + str(error)
`.trim();

describe('the reader of XML beside Expat', () => {
  const random = randomFrom(Number(process.env['NGYM_FUZZ_SEED'] ?? 1));
  const sources = [...PIECES, DOCUMENT, ...Array.from({ length: CASES }, () => draw(random))];
  const theirs = askPython<unknown>(PYTHON, sources);

  it.skipIf(theirs === undefined)(`says the same of ${sources.length} texts (needs python3)`, () => {
    const wrong = sources
      .map((source, index) => ({ source, ours: ours(source), expat: theirs![index] }))
      .filter((one) => JSON.stringify(one.ours) !== JSON.stringify(one.expat));
    expect(wrong.slice(0, 20), `${wrong.length} differ`).toEqual([]);
    expect(theirs!.filter((one) => typeof one !== 'string').length).toBeGreaterThan(CASES / 20);
  });
});
