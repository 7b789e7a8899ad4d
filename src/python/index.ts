/** Python's semantics where the reference's results depend on them: text, numbers, `str.format`, `re`, equality. */
export { pythonEqual } from './equal.js';
export { lenientInt } from './lenient-int.js';
export { JsonNumber, parseLossless, pythonFloat, writeCompact, writePython } from './lossless-json.js';
export type { Lossless } from './lossless-json.js';
export { characters, isLetter, normalized, strip } from './strings.js';
export { SpecError } from './format/format-spec.js';
export { FormatError, formatPython } from './format/python-format.js';
export { findAll, pythonRegex } from './regex/regex.js';
export type { PythonRegex } from './regex/regex.js';
export { PythonRegexError } from './regex/regex-error.js';
export { withinTime } from './regex/time-guard.js';
