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
export { pythonEqual } from './equal.js';
export { SpecError } from './format/format-spec.js';
export { FormatError, formatPython } from './format/python-format.js';
export { pythonRepr } from './format/python-repr.js';
export { describeJsonFault, jsonFault } from './json-fault.js';
export type { JsonFault } from './json-fault.js';
export { lenientInt } from './lenient-int.js';
export { JsonNumber, parseLossless, pythonFloat, writeCompact, writePython } from './lossless-json.js';
export type { Lossless } from './lossless-json.js';
export type { PythonFlags } from './regex/flags.js';
export type { PythonMatch } from './regex/match.js';
export { compilePattern, escapePattern, findAll, pythonRegex, STEP_BUDGET } from './regex/regex.js';
export type { MatchOptions, PythonRegex } from './regex/regex.js';
export { PythonRegexError, RegexBudgetError } from './regex/regex-error.js';
export { characters, splitLines, splitWords, strip, stripEnd, stripStart } from './strings.js';
