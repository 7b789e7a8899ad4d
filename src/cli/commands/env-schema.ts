import type { Run } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { namedEnvironment } from '../named-environment.js';

/** `ng env schema NAME`: what a row of an environment must be, as JSON Schema. */
export const run: Run = async (invocation) => {
  const { host } = invocation;
  const { name, ...named } = await namedEnvironment(invocation);
  const { environmentSchema } = await import('../../index.js');
  const schema = await environmentSchema(name, { ...named, cwd: host.cwd, env: host.env });
  host.stdout.write(`${JSON.stringify(schema, null, 2)}\n`);
  return EXIT.complete;
};
