import type { z } from 'zod';
import { errors } from '../../errors/index.js';
import type { Environment, JsonObject } from '../../protocol/index.js';
import { NOTE_KEYS, SERVING_KEYS } from '../../protocol/index.js';
import { DefinedEnvironment } from './defined-environment.js';
import { COMMON_CONFIG_KEYS, MCP_FACE_KEYS, TIME_LIMIT_KEYS } from './definition.js';
import type { EnvironmentDefinition, GivenServices } from './definition.js';
import type { EnvironmentSpec } from './environment-spec.js';
import { describeProblems } from './problems.js';
import { reverifyModeOf } from './reverify-mode.js';

const DEFAULT_TOOL_SECONDS = 120;
const DEFAULT_VERIFY_SECONDS = 600;

/**
 * Makes an environment: tools, verifier, state per episode. The result is what a config file's `entrypoint`
 * exports, or what the registry loads. Schemas are zod schemas; types of rows, sessions and arguments follow.
 */
export function defineEnvironment<
  Config = Readonly<Record<string, unknown>>,
  Row = unknown,
  Session = undefined,
  Args extends Record<string, unknown> = Record<string, never>,
>(spec: EnvironmentSpec<Config, Row, Session, Args>): EnvironmentDefinition {
  if (spec.verify === undefined && spec.step === undefined) {
    throw new TypeError(`Environment "${spec.name}" needs verify, or step for turn-taking.`);
  }
  const reverifyMode = reverifyModeOf(spec as EnvironmentSpec<unknown, unknown, unknown, never>);
  return {
    name: spec.name,
    configKeys: [...new Set([...COMMON_CONFIG_KEYS, ...schemaKeys(spec.config)])],
    operational: operationalKeys(spec),
    closedConfig: dropsOtherKeys(spec.config),
    readsFiles: spec.prepare !== undefined,
    reverifyMode,
    ...(spec.prepare !== undefined && {
      textsOf: (config: Readonly<Record<string, unknown>>, services: GivenServices) =>
        textsOf(spec, config, services),
    }),
    ...(spec.row !== undefined && { rowSchema: () => rowSchema(spec.row!) }),
    ...(spec.version === undefined ? {} : { version: spec.version }),
    create(instanceName, given, givenServices): Environment {
      const problems: string[] = [];
      const milliseconds = (key: string, fallback: number): number => {
        const value = given[key] ?? fallback;
        if (typeof value === 'number' && value > 0) return value * 1000;
        problems.push(`${key}: must be a number of seconds greater than 0`);
        return 0;
      };
      const toolMs = milliseconds('tool_timeout_seconds', spec.toolTimeoutSeconds ?? DEFAULT_TOOL_SECONDS);
      const verifyMs = milliseconds(
        'verify_timeout_seconds',
        spec.verifyTimeoutSeconds ?? DEFAULT_VERIFY_SECONDS,
      );
      const parsed = spec.config?.safeParse(given);
      if (parsed?.success === false) problems.push(...describeProblems(parsed.error));
      if (problems.length > 0) throw errors.environmentConfigInvalid(instanceName, spec.name, problems);
      const config = parsed === undefined ? (given as Config) : (parsed.data as Config);
      const services = {
        ...givenServices,
        model:
          givenServices.model ??
          ((name: string) => {
            throw errors.unknownReference(instanceName, 'model', name, []);
          }),
      };
      if (givenServices.stored !== true) spec.prepare?.({ config, services });
      return new DefinedEnvironment(spec, { instanceName, config, services, toolMs, verifyMs, reverifyMode });
    },
  };
}

/**
 * Keys of the block that decide no reward. A common key that the environment itself reads is its own: one that its
 * schema names, and any note where nothing keeps the whole block from it.
 */
function operationalKeys({
  config,
  operational = [],
}: {
  config?: z.ZodType;
  operational?: readonly string[];
}) {
  const own = schemaKeys(config);
  const notes = dropsOtherKeys(config) ? NOTE_KEYS : [];
  const common = [...SERVING_KEYS, ...MCP_FACE_KEYS, ...TIME_LIMIT_KEYS, ...notes];
  return [...new Set([...common.filter((key) => !own.includes(key)), ...operational])];
}

/** What `prepare` reads; nothing of a block that does not fit, which is refused when it is used. */
function textsOf<Config>(
  { config: schema, prepare }: Pick<EnvironmentSpec<Config, unknown, unknown, never>, 'config' | 'prepare'>,
  given: Readonly<Record<string, unknown>>,
  services: GivenServices,
): Record<string, string> {
  const parsed = schema?.safeParse(given);
  if (parsed?.success === false) return {};
  const texts: Record<string, string> = {};
  const onText = (place: string, text: string): void => {
    texts[place] = text;
  };
  const model = (): never => {
    throw new Error('no model is asked before an episode');
  };
  const config = parsed === undefined ? (given as Config) : parsed.data;
  prepare!({ config, services: { model, ...services, onText } });
  return texts;
}

/** As the row comes; what a schema cannot say (a check in code) is left out. */
function rowSchema(row: z.ZodType): JsonObject {
  return row.toJSONSchema({ io: 'input', unrepresentable: 'any' }) as JsonObject;
}

/** True for an object schema that gives nothing but its own keys. */
function dropsOtherKeys(schema: z.ZodType | undefined): boolean {
  const { shape, def } = (schema ?? {}) as { shape?: object; def?: { catchall?: { def: { type: string } } } };
  const rest = def?.catchall?.def.type;
  return shape !== undefined && (rest === undefined || rest === 'never');
}

/** The keys of an object schema; none for any other schema. Read by shape, so that zod itself loads only when used. */
function schemaKeys(schema: z.ZodType | undefined): string[] {
  const { shape } = (schema ?? {}) as { shape?: object };
  return shape === undefined ? [] : Object.keys(shape);
}
