import { errors } from '../errors/index.js';
import { assetConfig } from './assets.js';
import type { Invocation } from './command.js';
import { optionText } from './report-options.js';
import { textValue } from './text-value.js';

/** The last part of `+entrypoint=resources_servers/NAME`, as the reference's older commands are called. */
export function entrypointName({ typed }: Invocation): string | undefined {
  const token = typed.find((one) => /^\+{0,2}entrypoint=/.test(one));
  const given = token?.slice(token.indexOf('=') + 1).replace(/^(["'])(.*)\1$/s, '$2');
  return given?.replace(/\/+$/, '').split('/').at(-1);
}

/** The name that a command on one environment is given, in any of its forms; undefined where it is in none. */
export function givenName(invocation: Invocation): string | undefined {
  const flag = optionText(invocation, 'resources-server');
  return invocation.positional ?? (flag === '' ? entrypointName(invocation) : flag);
}

/** What the commands on one environment read: its configuration, as overrides. Throws NgError where it has no name. */
export async function namedEnvironment(
  invocation: Invocation,
  name = givenName(invocation),
): Promise<{ name: string; config: string; overrides: string[] }> {
  if (name === undefined) throw errors.environmentNotNamed(invocation.command.path.join(' '));
  const config = await assetConfig('resources-server', name, invocation.host);
  const rest = invocation.overrides.filter(
    (token) => !/^\+{0,2}(?:entrypoint|json|update_expected)=/.test(token),
  );
  return {
    name: name.split('/').at(-1)!,
    config,
    overrides: [`+config_paths=[${textValue(config)}]`, ...rest],
  };
}
