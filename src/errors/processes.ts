import { NgError } from './ng-error.js';

/** What a process left behind: its last lines, and where all of them are. */
export interface Evidence {
  lines: readonly string[];
  file: string | null;
}

function told({ lines, file }: Evidence): string {
  const said = lines.length === 0 ? 'It printed nothing.' : 'The last that it printed:';
  const shown = lines.map((line) => `\n  | ${line}`).join('');
  return ` ${said}${shown}${file === null ? '' : `\n  All of it: ${file}`}`;
}

/** A process that was started and did not answer in time. */
export function processNotReady(name: string, seconds: number, evidence: Evidence, hint: string): NgError {
  return new NgError(
    'PROCESS_NOT_READY',
    `"${name}" was started and did not get ready within ${seconds} s.${told(evidence)}`,
    hint,
  );
}

/** A process that was started and ended before it was ready; `how` is its exit code or signal. */
export function processEnded(name: string, how: string, evidence: Evidence, hint: string): NgError {
  return new NgError(
    'PROCESS_ENDED',
    `"${name}" was started and ended before it was ready (${how}).${told(evidence)}`,
    hint,
  );
}
