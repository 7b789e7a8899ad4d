import { asLossless, characters, pythonRepr, typeName } from '../../python/index.js';

/*
 * What pydantic 2.14 writes of a value that does not fit a model with one field, which some of the reference's tools
 * hand to the model as it is.
 */

const MOST = 50;

/** A value as it is shown: cut in its middle where it is long. */
function shown(value: unknown): string {
  const letters = characters(pythonRepr(asLossless(value)));
  if (letters.length <= MOST) return letters.join('');
  return `${letters.slice(0, MOST / 2).join('')}...${letters.slice(1 - MOST / 2).join('')}`;
}

function message(model: string, field: string | null, what: string, kind: string, input: unknown): string {
  const at = field === null ? '' : `${field}\n`;
  return (
    `1 validation error for ${model}\n${at}  ${what} [type=${kind}, input_value=${shown(input)}, ` +
    `input_type=${typeName(input)}]\n    For further information visit https://errors.pydantic.dev/2.14/v/${kind}`
  );
}

/** A field that is not there. */
export const missingField = (model: string, field: string, given: unknown): string =>
  message(model, field, 'Field required', 'missing', given);

/** A text that is none (`field` names it), or an object that is none (`field` null). */
export const wrongType = (model: string, field: string | null, given: unknown, wanted: string): string =>
  message(model, field, `Input should be ${wanted}`, field === null ? 'model_type' : 'string_type', given);
