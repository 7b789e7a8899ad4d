import { errors } from '../errors/index.js';
import type { ResolvedConfig } from '../index.js';
import type { Invocation } from './command.js';

/** Reads text parameters of a command; the error for a missing one names its flag and its key. */
export function neededText(
  { command }: Invocation,
  { values }: ResolvedConfig,
): (flag: string, key: string) => string {
  return (flag, key) => {
    const value = values[key];
    if (typeof value !== 'string' || value === '') {
      throw errors.parameterMissing(flag, key, command.path.join(' '));
    }
    return value;
  };
}
