import { z } from 'zod';
import { errors } from '../errors/index.js';
import type { Environment } from '../protocol/index.js';
import { COMMON_CONFIG_KEYS } from './definition.js';
import type { EnvironmentDefinition } from './definition.js';
import type { EnvironmentSpec } from './environment-spec.js';
import { DefinedEnvironment } from './defined-environment.js';
import { describeProblems } from './problems.js';

const DEFAULT_TOOL_SECONDS = 120;
const DEFAULT_VERIFY_SECONDS = 600;

const limits = z.object({
  tool_timeout_seconds: z.number().positive().nullish(),
  verify_timeout_seconds: z.number().positive().nullish(),
});

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
  const own = spec.config instanceof z.ZodObject ? Object.keys(spec.config.shape) : [];
  return {
    name: spec.name,
    configKeys: [...new Set([...COMMON_CONFIG_KEYS, ...own])],
    create(instanceName, config, services): Environment {
      const problems: string[] = [];
      const check = <Value>(schema: z.ZodType<Value>): Value | undefined => {
        const parsed = schema.safeParse(config);
        if (!parsed.success) problems.push(...describeProblems(parsed.error));
        return parsed.data;
      };
      const timeouts = check(limits);
      const parsed = spec.config === undefined ? (config as Config) : check(spec.config);
      if (problems.length > 0 || timeouts === undefined || parsed === undefined) {
        throw errors.environmentConfigInvalid(instanceName, spec.name, problems);
      }
      return new DefinedEnvironment(spec, {
        instanceName,
        config: parsed,
        services,
        toolMs: 1000 * (timeouts.tool_timeout_seconds ?? spec.toolTimeoutSeconds ?? DEFAULT_TOOL_SECONDS),
        verifyMs:
          1000 * (timeouts.verify_timeout_seconds ?? spec.verifyTimeoutSeconds ?? DEFAULT_VERIFY_SECONDS),
      });
    },
  };
}
