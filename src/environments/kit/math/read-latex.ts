import { pythonRegex } from '../../../python/index.js';
import { convertMath } from './convert-math.js';
import { parse } from './parse.js';
import { tokenize } from './tokens.js';
import { isExpr, NotOurs } from './tree.js';
import type { Expr, MathValue } from './tree.js';

/** Signs of complex numbers, determinants and traces: then no symbol is taken to be real. */
const COMPLEX = pythonRegex(
  String.raw`\\mathbb\{C\}|\\i\b|\bi\b|\\text\{i\}|\\mathrm\{i\}|\\imath\b|\\det|\\operatorname\{(?:tr|rank|Re|Im)\}|\\text\{(?:rank|Re|Im)\}|\\arg\{|\\Re\{|\\Im\{`,
);

/**
 * What LaTeX means to the reference's reader. Throws NoReading where it refuses the text, {@link NotOurs} where it is
 * read by rules that are not kept here.
 */
export function readLatex(latex: string): MathValue {
  return readMath(latex, COMPLEX.search(latex) === undefined);
}

function readMath(latex: string, real: boolean): MathValue {
  const read = (text: string): Expr => {
    const value = readMath(text, real);
    if (!isExpr(value)) throw new NotOurs('an argument that is no expression');
    return value;
  };
  return convertMath(parse(tokenize(latex)), latex, { real, read });
}
