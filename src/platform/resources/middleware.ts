import type { JsonObject } from '../../protocol/index.js';
import { refuse } from './parts.js';

/** The lists of middleware that a virtual model has, in the order in which they run. */
export const CHAINS = ['request_middleware', 'response_middleware', 'post_response_middleware'];

/**
 * What may stand in them: the name of a plugin and its types of configuration. The reference's translation between
 * dialects is taken for the sake of its clients; here every route translates by itself.
 */
const PLUGINS: Readonly<Record<string, readonly string[]>> = { 'nemo-switchyard': ['translate'] };

/** Throws 422 for a plugin that is not there. `of`: `workspace/name` of the virtual model. */
export function checkMiddleware(data: JsonObject, of: string): void {
  for (const chain of CHAINS) {
    const calls = (data[chain] ?? []) as { name: string; config_type: string }[];
    calls.forEach(({ name, config_type: type }, index) => {
      const at = `${chain}[${index}]`;
      const types = PLUGINS[name];
      if (types === undefined)
        throw refuse(422, `VirtualModel ${of} references unknown plugin '${name}' in ${at}.`);
      if (types.includes(type)) return;
      const supported = types.map((each) => `'${each}'`).join(', ');
      throw refuse(
        422,
        `Config validation failed for plugin '${name}' in VirtualModel ${of} ${at}: Unknown config_type '${type}'. Supported: [${supported}]`,
      );
    });
  }
}
