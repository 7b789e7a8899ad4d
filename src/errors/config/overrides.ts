import { NgError } from '../ng-error.js';
import { marked, placeText, where } from './places.js';
import type { Place } from './places.js';

export function configOverrideSyntax(token: string, column: number, problem: string, fix: string): NgError {
  return new NgError(
    'CONFIG_OVERRIDE_SYNTAX',
    `Cannot read the argument: ${problem}.\n${marked(token, column)}`,
    fix,
    { column: column + 1 },
  );
}

export function configOverrideNoKey(token: string): NgError {
  return new NgError('CONFIG_OVERRIDE_KEY', `The argument "${token}" names no key.`, 'Write +key=value.');
}

export function configOverrideNotSet(key: string, token: string): NgError {
  return new NgError(
    'CONFIG_OVERRIDE_NOT_SET',
    `"${key}" is not set on the command line, so there is nothing to change.`,
    `Write +${token}; "key=value" without "+" only changes an earlier argument, never a file.`,
  );
}

export function configOverrideTaken(key: string, token: string, earlier: string): NgError {
  return new NgError(
    'CONFIG_OVERRIDE_TAKEN',
    `"${key}" is given twice on the command line: ${earlier} and then ${token.split('=')[0]!}=….`,
    `Remove one of them, or write ++${key}=… to let the later one win.`,
  );
}

export function configOverrideIndex(key: string, length: number, token: string): NgError {
  return new NgError(
    'CONFIG_OVERRIDE_INDEX',
    `"${key}" is outside its list, which has ${length} entries (argument ${token.split('=')[0]!}=…).`,
    'Positions count from 0; give the whole list to make it longer.',
  );
}

export function configOverrideDelete(key: string, token: string): NgError {
  return new NgError(
    'CONFIG_OVERRIDE_DELETE',
    `"${token}" removes "${key}", which no earlier argument has set.`,
    `"~" only takes back an argument. To empty a value from a file, write ++${key}=null.`,
  );
}

export function configOverrideDeleteValue(key: string, token: string): NgError {
  return new NgError(
    'CONFIG_OVERRIDE_DELETE',
    `"${token}" does not remove "${key}": its value is another one.`,
    `Write ~${key} to remove it whatever its value.`,
  );
}

export function configKindClash(
  path: string,
  old: string,
  oldAt: Place,
  over: string,
  overAt: Place,
): NgError {
  const names: Record<string, string> = { map: 'mapping', list: 'list', scalar: 'value' };
  return new NgError(
    'CONFIG_KIND_CLASH',
    `"${path}" is a ${names[old]!} (${placeText({ origin: oldAt })}); a ${names[over]!} cannot be laid over it.`,
    `Give the whole ${names[old]!}${old === 'list' ? `, e.g. ++${path}=[…]; single entries cannot be changed` : ''}.`,
    { ...where(overAt), key: path },
  );
}
