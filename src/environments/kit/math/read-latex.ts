import { convertMath } from './convert-math.js';
import type { Reading } from './convert.js';
import { parse } from './parse.js';
import { tokenize } from './tokens.js';
import { isExpr, NotOurs } from './tree.js';
import type { Expr, MathValue } from './tree.js';

/** Signs of complex numbers, determinants and traces: then no symbol is taken to be real. */
const COMPLEX =
  /\\mathbb\{C\}|\\i\b|\bi\b|\\text\{i\}|\\mathrm\{i\}|\\imath\b|\\det|\\operatorname\{(?:tr|rank|Re|Im)\}|\\text\{(?:rank|Re|Im)\}|\\arg\{|\\Re\{|\\Im\{/;

/**
 * What LaTeX means to the reference's reader. Throws NoReading where it refuses the text, {@link NotOurs} where it is
 * read by rules that are not kept here.
 */
export function readLatex(latex: string): MathValue {
  return readMath(latex, { real: !COMPLEX.test(latex) });
}

function readMath(latex: string, reading: Reading): MathValue {
  return convertMath(parse(tokenize(latex)), latex, reading);
}

/** The same for an argument of a function, read alone. */
export function readExpression(latex: string, reading: Reading): Expr {
  const value = readMath(latex, reading);
  if (!isExpr(value)) throw new NotOurs('an argument that is no expression');
  return value;
}
