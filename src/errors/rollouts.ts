import { NgError } from './ng-error.js';

/** At most this many problems of one kind are listed; the rest is counted. */
const LISTED = 20;

function list(problems: readonly string[], total = problems.length): string {
  const lines = problems.slice(0, LISTED).map((problem) => `    ${problem}`);
  if (total > lines.length) lines.push(`    … and ${total - lines.length} more`);
  return lines.join('\n');
}

export function invalidParameters(problems: readonly string[]): NgError {
  return new NgError(
    'ROLLOUTS_INVALID_PARAMETERS',
    `${problems.length === 1 ? 'A parameter is' : `${problems.length} parameters are`} missing or not valid:\n${list(problems)}`,
    'Give each as "+<key>=<value>", with its flag, or in a config file; docs/commands.md lists them.',
  );
}

/** `near`: the path that was probably meant. */
export function inputNotFound(
  key: string,
  value: string,
  candidates: readonly string[],
  near: string | undefined,
): NgError {
  const meant = near === undefined ? '' : ` Did you mean "${near}"?`;
  return new NgError(
    'ROLLOUTS_INPUT_NOT_FOUND',
    `There is no file "${value}".${meant} Looked for:\n${list(candidates)}`,
    `Correct ${key}${key === 'input_jsonl_fpath' ? ' (--input)' : ''}, or name another search root (--search-dir).`,
    { key },
  );
}

/** `total` counts all bad lines, `untold` those that no problem speaks of; `hints` are sentences for some of them. */
export function invalidDataset(
  file: string,
  problems: readonly string[],
  { total, untold, hints }: { total: number; untold: number; hints: readonly string[] },
): NgError {
  return new NgError(
    'ROLLOUTS_INVALID_DATASET',
    `${total === 1 ? 'One row' : `${total} rows`} of the dataset cannot be used; nothing was sent:\n${list(problems, problems.length + untold)}`,
    [
      'Correct the lines: one JSON object per line, no blank lines, each with "responses_create_params".',
      ...hints,
    ].join('\n  '),
    { file },
  );
}

/** A dataset that is a file of another form. `command` makes JSONL of it; FILE in it stands for the file. */
export function datasetForm(file: string, form: string, command: string): NgError {
  return new NgError(
    'ROLLOUTS_DATASET_FORM',
    `The dataset is ${form}; a dataset is JSONL, one JSON object per line. Nothing was sent.`,
    `Convert it first: ${command.replace('FILE', () => file)}`,
    { file },
  );
}

export function emptyDataset(file: string, limit: number | null): NgError {
  return new NgError(
    'ROLLOUTS_EMPTY_DATASET',
    limit !== null && limit < 0 ? `limit=${limit} leaves no rows to run.` : 'The dataset has no rows.',
    limit !== null && limit < 0
      ? 'Use a limit of 1 or more, or 0 for all rows.'
      : 'Name another input (--input).',
    { file },
  );
}

export function invalidPrompt(file: string, reason: string): NgError {
  return new NgError(
    'ROLLOUTS_INVALID_PROMPT',
    `The prompt template cannot be used: ${reason}`,
    'A template is a YAML file with "user" and, if wanted, "system": text in which {field} stands for a field of the row.\n' +
      '  Write text with quotes, colons or JSON as a block: "user: |", and the text indented on the next lines; there a\n' +
      '  brace of its own is doubled, {{ and }}.',
    { file, key: 'prompt_config' },
  );
}

export function invalidSkills(directory: string, reason: string): NgError {
  return new NgError(
    'ROLLOUTS_INVALID_SKILLS',
    `The skills cannot be used: ${reason}`,
    'A skills directory holds one directory per skill, each with a SKILL.md whose front matter has a "name".',
    { file: directory, key: 'skills.path' },
  );
}

export function noDatasets(split: string, found: readonly string[]): NgError {
  return new NgError(
    'ROLLOUTS_NO_DATASETS',
    `No agent of the configuration declares a dataset of type "${split}".`,
    found.length === 0
      ? 'Give a dataset with --input, or declare one in the agent block ("datasets: [{name, type, jsonl_fpath}]").'
      : `Declared: ${found.join(', ')}. Choose one of them with "+split=…", or give a dataset with --input.`,
    { key: 'split' },
  );
}

export function foreignOutput(output: string): NgError {
  return new NgError(
    'ROLLOUTS_FOREIGN_OUTPUT',
    'The output exists, but there is no manifest beside it that says which run it belongs to. Nothing was changed.',
    'Choose another output; or "+overwrite=true" to move the old files aside; or "+resume_from_cache=true" to go on with a run of the reference.',
    { file: output },
  );
}

export interface WaysOn {
  /**
   * Null: more differs than what scores a reply. `needSessions`: environments whose verifier needs what their tools
   * did, so that stored replies cannot be scored again.
   */
  rescore: { needSessions: readonly string[] } | null;
  /** Command lines to paste; null where none was typed. */
  commands: { overwrite: string; reuse: string; rescore: string } | null;
}

function rescoreWay(output: string, { rescore, commands }: WaysOn): string[] {
  if (rescore === null) return [];
  const { needSessions } = rescore;
  if (needSessions.length > 0) {
    const names = needSessions.join(', ');
    return [
      `- The stored replies cannot be scored again: the verifier of ${names} may need its session, which is gone ` +
        `(if it does not, say "reverifyMode: 'stateless'" in its definition).`,
    ];
  }
  const command = commands?.rescore ?? `ng eval reverify --config … --rollouts ${output} --in-place`;
  return [
    `- If only the scoring changed: score the stored replies again, then repeat this command:\n      ${command}`,
  ];
}

/** `differences` are lines such as `limit: 5 → 10`. */
export function differentRun(output: string, differences: readonly string[], ways: WaysOn): NgError {
  const overwrite = ways.commands?.overwrite ?? '+overwrite=true';
  const reuse = ways.commands?.reuse ?? '+resume_from_cache=if-possible';
  const fixes = [
    ...rescoreWay(output, ways),
    `- Start anew; the old files are kept as *.old-<n>:\n      ${overwrite}`,
    `- Keep only the results whose row, agent, model and verifier are the same, and play the others:\n      ${reuse}`,
    '- Or choose another output, or undo what differs.',
  ];
  return new NgError(
    'ROLLOUTS_DIFFERENT_RUN',
    `The output belongs to a different run (stored → asked for):\n${list(differences)}`,
    `Nothing was changed. Ways on:\n    ${fixes.join('\n    ')}`,
    { file: output },
  );
}

export function outputLocked(output: string, lock: string, holder: string, sameHost: boolean): NgError {
  return new NgError(
    'ROLLOUTS_OUTPUT_LOCKED',
    `Another run is writing to this output: ${holder}.`,
    sameHost
      ? 'Wait for it, stop it, or choose another output.'
      : `It runs on another machine. If it is dead, delete ${lock} and try again.`,
    { file: output },
  );
}

export function noRun(output: string): NgError {
  return new NgError(
    'ROLLOUTS_NO_RUN',
    'There is no run behind this output: no manifest lies beside it.',
    'Give the path that was given as --output.',
    { file: output },
  );
}

export function unknownPrices(models: readonly string[]): NgError {
  return new NgError(
    'ROLLOUTS_UNKNOWN_PRICES',
    `max_cost_usd is set, but the price of ${models.map((model) => `"${model}"`).join(', ')} is not known.`,
    'Give it in US dollars per million tokens: "++prices={\'<model>\': {input: 0.5, output: 1.5}}", or limit tokens with max_total_tokens.',
    { key: 'max_cost_usd' },
  );
}

export function damagedRun(file: string, line: number | undefined, reason: string): NgError {
  return new NgError(
    'ROLLOUTS_DAMAGED_RUN',
    `A file of the stored run cannot be used: ${reason}`,
    'Restore the file, or "+overwrite=true" to move the old files aside and start anew.',
    { file, ...(line === undefined ? {} : { line }) },
  );
}

export function resultWithoutReward(file: string, line: number, reason: string): NgError {
  return new NgError(
    'ROLLOUTS_RESULT_WITHOUT_REWARD',
    `A stored result cannot be counted: ${reason}`,
    'Give the row its reward back, or remove this line: the rollout is then owed, and the run command plays it.',
    { file, line },
  );
}

export function reverifyOutputExists(file: string): NgError {
  return new NgError(
    'REVERIFY_OUTPUT_EXISTS',
    'The output exists. Nothing was changed.',
    'Choose another --output, --overwrite to move it aside, or --resume to go on with it.',
    { file },
  );
}

/** `environments` are lines such as `mcqa: unknown`. */
export function reverifyUnsafe(environments: readonly string[]): NgError {
  return new NgError(
    'REVERIFY_UNSAFE',
    `Stored responses cannot safely be verified again without the sessions they were made in:\n${list(environments)}`,
    'If its verify reads nothing but row and response, take no "session" in it, or say "reverifyMode: \'stateless\'" in its definition; or --force, which writes to unsafe_<output>.',
  );
}

/** `keys` are `task:rollout` pairs. */
export function reverifyOwed(file: string, keys: readonly string[], total: number): NgError {
  return new NgError(
    'REVERIFY_OWED',
    `${keys.length} of ${total} inputs have neither a result nor a failure (task:rollout):\n${list(keys)}`,
    'Finish the run first (the same "ng eval run" again), or --force to verify what is there.',
    { file },
  );
}

export function reverifyNothing(file: string, judgeFailed: boolean): NgError {
  return new NgError(
    'REVERIFY_NOTHING',
    judgeFailed
      ? 'No rollout is without a reward because its judge failed or a library was missing. Nothing was changed.'
      : 'There is no rollout to verify. Nothing was changed.',
    judgeFailed ? 'Leave out --judge-failed-only to verify results again.' : 'Name another rollouts file.',
    { file },
  );
}

export function reverifyForeignInputs(inputs: string, own: string): NgError {
  return new NgError(
    'REVERIFY_FOREIGN_INPUTS',
    `With --append the inputs must be those of the run itself: ${own}`,
    `Give --inputs ${own}, or an --output of its own instead of --append.`,
    { file: inputs },
  );
}

/** `differing` are lines `key: stored → asked for`. */
export function reverifyDiffers(file: string, differing: readonly string[]): NgError {
  return new NgError(
    'REVERIFY_DIFFERS',
    `The output was made from other rollouts or with other settings:\n${list(differing)}`,
    'Choose another --output, or --overwrite to move the old one aside.',
    { file },
  );
}

/** A run can be scored again in its own files only by the environments that it was played with. */
export function reverifyOtherEnvironments(
  file: string,
  played: readonly string[],
  now: readonly string[],
): NgError {
  return new NgError(
    'REVERIFY_OTHER_ENVIRONMENTS',
    `The run was played with other environments: ${played.join(', ')} → ${now.join(', ')}`,
    'Give an --output of its own instead of --in-place, or the configuration of the run.',
    { file },
  );
}
