import { ExportError, send, type Sending } from '../send.js';

const API = 'api/2.0/mlflow/';

type Body = Readonly<Record<string, unknown>>;

/** The few calls of MLflow's REST API (version 2.0) that an export needs. Throws {@link ExportError}. */
export class MlflowClient {
  private readonly base: URL;
  private readonly headers: Record<string, string>;

  constructor(trackingUri: string, token: string | null) {
    if (!/^https?:\/\//.test(trackingUri) || !URL.canParse(trackingUri)) {
      throw new ExportError(
        'mlflow_tracking_uri must be the http:// or https:// address of a tracking server',
      );
    }
    this.base = new URL(trackingUri.endsWith('/') ? trackingUri : `${trackingUri}/`);
    this.headers = token === null ? {} : { authorization: `Bearer ${token}` };
  }

  private send(path: string, sending: Sending): Promise<string> {
    const headers = { ...this.headers, ...sending.headers };
    const url = new URL(path, this.base);
    url.username = this.base.username;
    url.password = this.base.password;
    return send(url, { ...sending, headers });
  }

  private async post(path: string, body: Body): Promise<unknown> {
    const headers = { 'content-type': 'application/json' };
    const text = await this.send(API + path, { method: 'POST', headers, body: JSON.stringify(body) });
    return text === '' ? {} : JSON.parse(text);
  }

  /** Id of the experiment with this name, made when there is none. */
  async experiment(name: string): Promise<string> {
    const path = `${API}experiments/get-by-name?experiment_name=${encodeURIComponent(name)}`;
    try {
      const found = JSON.parse(await this.send(path, { method: 'GET' })) as {
        experiment: { experiment_id: string };
      };
      return found.experiment.experiment_id;
    } catch (error) {
      if (!(error instanceof ExportError) || error.code !== 'RESOURCE_DOES_NOT_EXIST') throw error;
    }
    const made = (await this.post('experiments/create', { name })) as { experiment_id: string };
    return made.experiment_id;
  }

  async createRun(body: Body): Promise<{ id: string; artifacts: string }> {
    const made = (await this.post('runs/create', body)) as {
      run: { info: { run_id: string; artifact_uri: string } };
    };
    return { id: made.run.info.run_id, artifacts: made.run.info.artifact_uri };
  }

  async logBatch(body: Body): Promise<void> {
    await this.post('runs/log-batch', body);
  }

  async updateRun(body: Body): Promise<void> {
    await this.post('runs/update', body);
  }

  /** Stores a file through the tracking server's artifact proxy. `root` is the run's artifact address. */
  async putArtifact(root: string, name: string, body: Sending['body'] & {}): Promise<void> {
    const proxied = /^mlflow-artifacts:(?:\/\/[^/]*)?\/(.*)$/.exec(root);
    if (proxied === null) {
      throw new ExportError(
        `the run's artifacts are at ${root.split('?')[0]!}, which only the server's own client can write; ` +
          'start the tracking server with --serve-artifacts',
      );
    }
    const path = `api/2.0/mlflow-artifacts/artifacts/${proxied[1]!}/${name}`;
    await this.send(path, { method: 'PUT', headers: { 'content-type': 'application/json' }, body });
  }
}
