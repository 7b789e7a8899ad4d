/** Python's semantics where the reference's results depend on them: text, numbers, `str.format`, `re`, equality. */
export { pythonEqual } from './equal.js';
export { lenientInt } from './lenient-int.js';
export { JsonNumber, parseLossless, pythonFloat, writeCompact, writePython } from './lossless-json.js';
export type { Lossless } from './lossless-json.js';
export { characters, isLetter, normalized, strip } from './strings.js';
export { SpecError } from './format/format-spec.js';
export { FormatError, formatPython } from './format/python-format.js';
export { compilePattern, PythonRegex, STEP_BUDGET } from './regex/regex.js';
export type { MatchOptions } from './regex/regex.js';
export type { PythonFlags } from './regex/flags.js';
export type { PythonMatch } from './regex/match.js';
export { PythonRegexError, RegexBudgetError } from './regex/regex-error.js';
