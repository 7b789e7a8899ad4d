import { NgError } from './ng-error.js';
import { didYouMean } from './suggest.js';

/** `group` is the command group that was being read, empty at the top. */
export function unknownCommand(word: string, known: readonly string[], group = ''): NgError {
  const name = group === '' ? 'ng' : `ng ${group}`;
  return new NgError(
    'CLI_UNKNOWN_COMMAND',
    `Unknown command "${word}".${didYouMean(word, known)}`,
    `Run "${name} --help" for the list of commands.`,
  );
}

export function unknownFlag(flag: string, command: string, known: readonly string[]): NgError {
  const name = `ng ${command}`.trim();
  return new NgError(
    'CLI_UNKNOWN_FLAG',
    `Unknown flag "${flag}" of "${name}".${didYouMean(flag, known)}`,
    `Run "${name} --help" for its flags; other settings are given as +key=value.`,
  );
}

/** A parameter that has no flag, written as one. */
export function flagIsParameter(flag: string, command: string, key: string, type: string): NgError {
  const value = type.startsWith('bool') ? 'true' : `<${type}>`;
  return new NgError(
    'CLI_UNKNOWN_FLAG',
    `"ng ${command}" has no flag "${flag}": it is a parameter.`,
    `Give it as "+${key}=${value}".`,
  );
}

export function flagWithoutValue(flag: string, command: string): NgError {
  return new NgError(
    'CLI_FLAG_WITHOUT_VALUE',
    `The flag ${flag} needs a value.`,
    `Run "${`ng ${command}`.trim()} --help" for its flags.`,
  );
}

/** A command of the reference that is not here; `instead` says what to do. */
export function commandMissing(command: string, instead: string): NgError {
  return new NgError('CLI_COMMAND_MISSING', `"ng ${command}" is not available.`, instead);
}

/** A word that is neither a flag nor an override, where no name is expected. */
export function unexpectedWord(word: string, command: string): NgError {
  return new NgError(
    'CLI_UNEXPECTED_WORD',
    `Unexpected word "${word}" after "ng ${command}".`,
    `Settings are given as +key=value, e.g. +limit=5; run "ng ${command} --help" for the flags.`,
  );
}

/** A scalar given on the command line that nothing reads and that is nearly the name of a parameter. */
export function unknownParameter(key: string, near: readonly string[]): NgError {
  return new NgError(
    'CLI_UNKNOWN_PARAMETER',
    `Nothing reads the argument +${key}=….${didYouMean(key, near)}`,
    'Correct the name, or remove the argument. A key of your own is fine once a config refers to it.',
  );
}

/** A selector flag (`--benchmark x`) for which no config file exists. */
export function assetNotFound(
  flag: string,
  value: string,
  file: string,
  known: readonly string[],
  searched: readonly string[],
): NgError {
  return new NgError(
    'CLI_ASSET_NOT_FOUND',
    `${flag} ${value}: there is no ${file}.${didYouMean(value, known)}`,
    `Looked in:\n${searched.map((root) => `    ${root}`).join('\n')}\n  Add a directory with --search-dir, or name the file with --config.`,
    { key: flag },
  );
}

export function componentNotFound(kind: string, name: string, known: readonly string[]): NgError {
  return new NgError(
    'CLI_COMPONENT_NOT_FOUND',
    `There is no "${name}" among the ${kind}.${didYouMean(name, known)}`,
    `Run "ng list ${kind}" for all of them.`,
  );
}

/** A run without config files where no head server answers; `file` defines the agent, when we know one. */
export function nothingConfigured(
  agent: string | undefined,
  file: string | undefined,
  noHead: NgError,
): NgError {
  const environment = file ?? 'resources_servers/mcqa/configs/mcqa.yaml';
  const known = file === undefined || agent === undefined ? '' : ` ${agent} is defined in ${file}.`;
  return new NgError(
    'CLI_NOTHING_CONFIGURED',
    `No config paths are given, and no head server is running.${known}`,
    'Name the files of an environment and of a model; both then run in this process:\n' +
      `    "+config_paths=[${environment},responses_api_models/openai_model/configs/openai_model.yaml]"\n` +
      '  Or start servers with ng_run in another terminal, or say where they are: "++head_server.host=…"\n' +
      '  "++head_server.port=…".',
    {},
    { cause: noHead },
  );
}

/** Config files without an agent (`files`, as given), and no head server that has one. */
export function noAgentConfigured(files: readonly string[], noHead: NgError): NgError {
  return new NgError(
    'CLI_NO_AGENT_CONFIGURED',
    `No agent is defined in ${files.join(', ')}, and no head server is running.`,
    'Add the file that defines one, or a block such as\n' +
      '    my_agent:\n' +
      '      responses_api_agents:\n' +
      '        simple_agent:\n' +
      '          resources_server: { type: resources_servers, name: <environment> }\n' +
      '          model_server: { type: responses_api_models, name: policy_model }\n' +
      '  Or start servers with ng_run in another terminal.',
    { key: 'config_paths' },
    { cause: noHead },
  );
}

export function parameterMissing(flag: string, key: string, command: string): NgError {
  return new NgError(
    'CLI_PARAMETER_MISSING',
    `"ng ${command}" needs ${key}.`,
    `Give it as ${flag}, or as +${key}=….`,
    { key },
  );
}

export function fileMissing(what: string, command: string): NgError {
  return new NgError(
    'CLI_FILE_MISSING',
    `"ng ${command}" needs ${what}.`,
    `Run "ng ${command} --help" for an example.`,
  );
}

export function flagNotWord(flag: string, value: string, known: readonly string[]): NgError {
  return new NgError(
    'CLI_FLAG_NOT_WORD',
    `"${value}" is not a value of ${flag}.${didYouMean(value, known)}`,
    `Give one of: ${known.join(', ')}.`,
  );
}

/** `wanted` is what to give instead. */
export function flagNotNumber(flag: string, value: string, wanted: string): NgError {
  return new NgError('CLI_FLAG_NOT_NUMBER', `"${value}" is not a number for ${flag}.`, `Give ${wanted}.`);
}

/** A flag that means something only beside another one. */
export function flagNeedsFlag(flag: string, other: string): NgError {
  return new NgError('CLI_FLAG_NEEDS_FLAG', `${flag} means nothing without ${other}.`, `Add "${other}".`);
}

export function searchWordMissing(): NgError {
  return new NgError(
    'CLI_SEARCH_WORD_MISSING',
    '"ng search" needs a word.',
    'For example: ng search math, or ng search models together.',
  );
}
