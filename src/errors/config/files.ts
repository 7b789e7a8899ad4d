import { NgError } from '../ng-error.js';
import type { Where } from '../ng-error.js';
import { bullets, marked, where } from './places.js';
import type { Place } from './places.js';

/** `near`: the path that was probably meant. */
export function configFileNotFound(
  file: string,
  candidates: readonly string[],
  near: string | undefined,
  origin: Place,
): NgError {
  const meant = near === undefined ? '' : ` Did you mean "${near}"?`;
  return new NgError(
    'CONFIG_FILE_NOT_FOUND',
    `Configuration file "${file}" does not exist.${meant} Looked for:\n${bullets(candidates)}`,
    'Correct the path, or add its root folder to NEMO_GYM_EXTRA_ROOTS (--search-dir).',
    { ...where(origin), key: 'config_paths' },
  );
}

export function configFileUnreadable(file: string, code: string, cause: unknown): NgError {
  const reason = code === 'EISDIR' ? 'it is a folder' : code === 'EACCES' ? 'permission denied' : code;
  return new NgError(
    'CONFIG_FILE_UNREADABLE',
    `Cannot read the configuration file: ${reason}.`,
    code === 'EISDIR' ? 'Name the YAML file inside it.' : 'Make the file readable.',
    { file },
    { cause },
  );
}

/** Sizes in bytes. */
export function configFileTooLarge(file: string, size: number, most: number): NgError {
  const mib = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
  return new NgError(
    'CONFIG_FILE_TOO_LARGE',
    `The configuration file has ${mib(size)}; at most ${mib(most)} are read.`,
    'Name the YAML file of a configuration; large data belongs into a dataset.',
    { file },
  );
}

export function configPathsNotList(origin: Place): NgError {
  return new NgError(
    'CONFIG_PATHS_NOT_LIST',
    '"config_paths" must be a list of paths.',
    'Write it with brackets: "+config_paths=[a.yaml,b.yaml]".',
    { ...where(origin), key: 'config_paths' },
  );
}

export function configYamlSyntax(
  reason: string,
  line: string,
  place: Required<Pick<Where, 'file' | 'line' | 'column'>>,
): NgError {
  return new NgError(
    'CONFIG_YAML_SYNTAX',
    `Not valid YAML: ${reason}.\n${marked(line, place.column - 1)}`,
    'Correct the file at this line; text with special characters goes in quotes.',
    place,
  );
}

export function configYamlNotMapping(kind: string, place: Where): NgError {
  return new NgError(
    'CONFIG_YAML_NOT_MAPPING',
    `A configuration file must be a mapping (key: value); this one is a ${kind === 'list' ? 'list' : 'single value'}.`,
    'Put the content under a key.',
    place,
  );
}

export function configYamlAliases(problem: string, place: Where): NgError {
  return new NgError(
    'CONFIG_YAML_ALIAS',
    `YAML aliases (*name) ${problem}.`,
    'Write the value out, or define the anchor (&name) earlier in the file.',
    place,
  );
}

export function configYamlMergeKey(place: Where): NgError {
  return new NgError(
    'CONFIG_YAML_MERGE_KEY',
    'The merge key "<<" needs a mapping or a list of mappings.',
    'Write "<<: *anchor", where the anchor stands on a mapping.',
    place,
  );
}

export function configYamlKey(place: Where): NgError {
  return new NgError(
    'CONFIG_YAML_KEY',
    'A mapping key must be a single value.',
    'Use text as the key.',
    place,
  );
}

export function configYamlTag(tag: string, place: Where): NgError {
  return new NgError(
    'CONFIG_YAML_TAG',
    `The YAML tag "${tag}" is not supported.`,
    'Remove the tag; quote the value to make it text.',
    place,
  );
}

export function configYamlScalar(refusal: 'sexagesimal' | 'too_large', text: string, place: Where): NgError {
  const problem =
    refusal === 'sexagesimal'
      ? `"${text}" is a base-60 number in YAML 1.1, which is hardly what is meant`
      : `${text} is too large to be held exactly`;
  return new NgError('CONFIG_YAML_SCALAR', `${problem}.`, `Quote it to keep it as text: "${text}".`, place);
}
