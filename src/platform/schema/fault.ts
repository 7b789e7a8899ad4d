import type { Json, JsonObject } from '../../protocol/index.js';
import { HttpError } from '../../serve/http/index.js';

/** The path to a value: `['body', 'models', 0, 'model']`. */
export type Loc = readonly (string | number)[];

/** One thing that is wrong with a request, in the form of the reference's validation (pydantic 2). */
export interface Fault {
  readonly type: string;
  readonly loc: Loc;
  readonly msg: string;
  readonly input: Json;
  readonly ctx?: Json;
}

/** Collects what is wrong, so that one answer tells all of it. */
export class Faults {
  readonly list: Fault[] = [];

  add(type: string, loc: Loc, msg: string, input: Json, ctx?: Json): Json | undefined {
    this.list.push({ type, loc, msg, input, ...(ctx !== undefined && { ctx }) });
    return undefined;
  }

  /** Throws 422 when there is any. */
  check(): void {
    if (this.list.length > 0) throw new HttpError(422, { detail: this.list as unknown as Json });
  }
}

/** Reads one value; undefined when it does not fit, and then `faults` says why. */
export interface Kind {
  (value: Json, at: Loc, faults: Faults): Json | undefined;
  /** The same as JSON schema, for descriptions. */
  readonly schema?: JsonObject;
}

/** A kind that says what it takes. */
export function described(
  schema: JsonObject,
  read: (value: Json, at: Loc, faults: Faults) => Json | undefined,
): Kind {
  return Object.assign(read, { schema });
}

/** A rule of our own about a value that has the right type: what is wrong with it, or null. */
export type Rule = (value: Json) => string | null;

/** `kind`, and a rule after it. `input` of the fault is what was given. */
export function ruled(kind: Kind, rule: Rule): Kind {
  return described(kind.schema ?? {}, (value, at, faults) => {
    const read = kind(value, at, faults);
    if (read === undefined) return undefined;
    const wrong = rule(read);
    if (wrong === null) return read;
    return faults.add('value_error', at, `Value error, ${wrong}`, value, { error: {} });
  });
}
