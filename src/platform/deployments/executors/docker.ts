import { imageOf, LABEL, volumeName } from '../docker/container.js';
import { DockerRun, removeContainer, type DockerRunOptions } from '../docker/docker-run.js';
import { Engine } from '../docker/engine.js';
import type { Spec } from '../spec.js';
import type { Executor } from './executor.js';

export interface DockerOptions extends DockerRunOptions {
  /** The Engine's socket on this machine. */
  readonly socket: string;
  /** Images that may be run, without tag: whole names, or with `*` at the end for all that begin so. */
  readonly allowed: readonly string[];
}

/** Containers of this machine's Docker. They outlive the platform, which finds them again. */
export function dockerExecutor(options: DockerOptions): Executor {
  const engine = new Engine(options.socket);
  return {
    kind: 'docker',
    refuses: (spec) => refusal(spec, options.allowed),
    start: (order, tell) => new DockerRun(order, engine, options, tell),
    discard: (workspace, name) => removeContainer(engine, { workspace, name }),
    async tidy(known) {
      for (const { id, labels } of await engine.list(LABEL)) {
        const deployment = labels[LABEL] ?? '';
        if (known.has(deployment)) continue;
        await engine.remove(id);
        const slash = deployment.indexOf('/');
        const [workspace, name] = [deployment.slice(0, slash), deployment.slice(slash + 1)];
        await engine.removeVolume(volumeName(workspace, name));
      }
    },
    close: () => engine.close(),
  };
}

function refusal(spec: Spec, allowed: readonly string[]): string | null {
  const image = imageOf(spec);
  if (image === null)
    return `engine '${spec.engine}' has no image of its own: executor_config.image_name is missing`;
  const may = allowed.some((each) =>
    each.endsWith('*') ? image.name.startsWith(each.slice(0, -1)) : image.name === each,
  );
  return may
    ? null
    : `this platform may not run the image '${image.name}' (ng platform start --allow-images names those that it may)`;
}
