import { createApi, RemoteError } from '../client/api.js';
import { resolveTarget } from '../client/settings.js';
import type { Run } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { textTable } from '../text-table.js';

interface Provider {
  workspace: string;
  name: string;
  status: string;
  status_message?: string;
  served_models?: unknown[];
}

/** `ng platform status`: exit code 1 when the platform does not answer, or is not ready. */
export const run: Run = async ({ host, json, options }) => {
  const given = options['base-url'];
  const target = await resolveTarget(host.env, typeof given === 'string' ? { baseUrl: given } : {});
  const api = createApi(target);
  try {
    await api.call('GET', '/health/ready');
    const info = (await api.call('GET', '/cluster-info')) as { revision: string };
    const page = await api.call('GET', '/apis/models/v2/workspaces/-/providers?page_size=1000');
    const { data } = page as { data: Provider[] };
    const providers = data.map(
      ({ workspace, name, status, status_message: message = '', served_models: served = [] }) => ({
        provider: `${workspace}/${name}`,
        status,
        models: served.length,
        message,
      }),
    );
    if (json)
      host.stdout.write(
        `${JSON.stringify({ url: target.baseUrl, ready: true, revision: info.revision, providers })}\n`,
      );
    else {
      host.stdout.write(`${target.baseUrl} is ready (ngym ${info.revision})\n`);
      const rows = providers.map(({ provider, status, models, message }) => [
        provider,
        status,
        String(models),
        message,
      ]);
      if (rows.length > 0) host.stdout.write(textTable(['provider', 'status', 'models', 'message'], rows));
    }
    return EXIT.complete;
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    if (json)
      host.stdout.write(`${JSON.stringify({ url: target.baseUrl, ready: false, error: error.message })}\n`);
    else host.stderr.write(`${error.message}\n`);
    return EXIT.checkFailed;
  }
};
