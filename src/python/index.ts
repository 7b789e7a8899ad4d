/** Python's semantics where the reference's results depend on them: text, numbers, `str.format`, `re`, equality. */
export { casefold, lower, normalized, title, upper } from './case.js';
export {
  isAlnum,
  isAlpha,
  isDecimal,
  isDigit,
  isLetter,
  isLower,
  isNumeric,
  isPrintable,
  isSpace,
  isUpper,
} from './character-tests.js';
export { SequenceMatcher } from './difflib.js';
export { cleanDoc } from './clean-doc.js';
export { csvRecords, csvRows } from './csv-rows.js';
export { compareDecimals, distance, parseDecimal, roundSignificant } from './decimal-text.js';
export type { Decimal } from './decimal-text.js';
export { pythonEqual } from './equal.js';
export { SpecError } from './format/format-spec.js';
export { FormatError, formatPython } from './format/python-format.js';
export { pythonRepr, pythonStr } from './format/python-repr.js';
export { floatJson } from './json-float.js';
export { asLossless, JsonDecodeError, jsonFault, loadsJson, plainJson, tryLoadsJson } from './json-loads.js';
export { lenientInt } from './lenient-int.js';
export { lenientBool, lenientFloat } from './lenient-values.js';
export { LiteralError, literalValue } from './literal-value.js';
export { cos, log, MathError, power, sin } from './libm.js';
export { JsonNumber, parseLossless, pythonFloat, writeCompact, writePython } from './lossless-json.js';
export type { Lossless } from './lossless-json.js';
export { parseFloatText, parseIntText } from './number-text.js';
export { pformat } from './pformat.js';
export { unescapeHtml } from './html/unescape.js';
export type { PythonFlags } from './regex/flags.js';
export type { PythonMatch } from './regex/match.js';
export { compilePattern, escapePattern, findAll, pythonRegex, STEP_BUDGET } from './regex/regex.js';
export type { MatchOptions, PythonRegex } from './regex/regex.js';
export { PythonRegexError, RegexBudgetError } from './regex/regex-error.js';
export { NumpyRandom, percentile } from './numpy-random.js';
export { roundDigits } from './round.js';
export { isTrue, typeName } from './truth.js';
export { decodeEscapes, EscapeError } from './unicode-escape.js';
export { stringLiteral, StringLiteralError } from './string-literal.js';
export { characters, splitLines, splitWords, strip, stripEnd, stripStart } from './strings.js';
