import { describe, expect, it } from 'vitest';
import {
  compareDecimals,
  csvRecords,
  csvRows,
  floatJson,
  LiteralError,
  literalValue,
  loadsJson,
  parseDecimal,
  pformat,
  pythonRepr,
} from '../../src/python/index.js';
import { askPython } from './ask-python.js';

const WORDS = 'lorem ipsum dolor sit amet consetetur sadipscing elitr sed diam nonumy eirmod tempor invidunt';
const VALUES = [
  { a: [1, 2, 3], b: { c: WORDS, d: null } },
  Array.from({ length: 40 }, (_, index) => index * 1000),
  { [WORDS]: [WORDS, { x: [WORDS] }] },
  `${WORDS}\n${WORDS}\nend`,
  [[], {}, '', true, 1.5],
];
const TABLES = ['a,b\n1,2', 'a,"b ""c"" d"\r\n"x\ny",', ',,\n\n1', '"a"b,c"d', 'one', '', 'a,b\n1\n1,2,3'];
const LITERALS = ['[1, 2.5, "x"]', "('a', 1)", '(3)', '[True, None, -4]', '[[1],]', "'it\\'s'", '1_000'];

describe("Python's texts of values", () => {
  it('lays out long values as pprint does', (context) => {
    const body = 'from pprint import pformat\nout = pformat(given, width=72, sort_dicts=False)';
    const answers = askPython<string>(body, VALUES);
    if (answers === undefined) context.skip();
    else expect(VALUES.map((value) => pformat(loadsJson(JSON.stringify(value)), 72))).toEqual(answers);
  });

  it('reads tables as csv does', (context) => {
    const answers = askPython<string[][]>(
      'import csv, io\nout = list(csv.reader(io.StringIO(given)))',
      TABLES,
    );
    if (answers === undefined) context.skip();
    else expect(TABLES.map((table) => csvRecords(table))).toEqual(answers);
    expect(csvRows('a,b\n1')).toEqual([
      new Map<string, string | null>([
        ['a', '1'],
        ['b', null],
      ]),
    ]);
  });

  it('reads literals as eval does, and nothing else', (context) => {
    const body = 'value = eval(given)\nout = repr(list(value) if isinstance(value, tuple) else value)';
    const answers = askPython<string>(body, LITERALS);
    if (answers === undefined) context.skip();
    else expect(LITERALS.map((text) => pythonRepr(literalValue(text)))).toEqual(answers);
    for (const text of ['', 'x', '[1', '1 2', '007', 'f(1)'])
      expect(() => literalValue(text)).toThrow(LiteralError);
  });

  it('compares decimals exactly, and writes floats as pydantic', () => {
    expect(compareDecimals(parseDecimal('+01_0.50')!, parseDecimal('1.05e1')!)).toBe(0);
    expect(parseDecimal('1.2.3')).toBeUndefined();
    expect([1, 5e-7, 1e22, 0.00001, Infinity].map(floatJson)).toEqual([
      '1.0',
      '5e-7',
      '1e+22',
      '0.00001',
      'null',
    ]);
  });
});
