import { NgError } from './ng-error.js';
import { didYouMean } from './suggest.js';

/**
 * Every mistake of a user's that we know, one function each: what, where, how to fix. Codes are stable.
 * Sections follow the folders. A new error goes here, not where it is thrown.
 */

// --- cli -----------------------------------------------------------------------------------------------

export function unknownCommand(word: string, known: readonly string[]): NgError {
  return new NgError(
    'CLI_UNKNOWN_COMMAND',
    `Unknown command "${word}".${didYouMean(word, known)}`,
    'Run "ng --help" for the list of commands.',
  );
}

// --- config --------------------------------------------------------------------------------------------

// --- graph (server types, references) ------------------------------------------------------------------

// --- rollouts (dataset, manifest, journal) -------------------------------------------------------------

// --- metrics and reports -------------------------------------------------------------------------------
