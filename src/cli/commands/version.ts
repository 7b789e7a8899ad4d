import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Run } from '../command.js';
import { EXIT } from '../exit-codes.js';

interface PackageFile {
  version: string;
  dependencies: Record<string, string>;
}

/** `ng --version`: the version in one line, or with `--json` what a bug report needs. */
export const run: Run = ({ json, host }) => {
  const root = path.resolve(import.meta.dirname, '../../..');
  const { version, dependencies } = JSON.parse(
    readFileSync(path.join(root, 'package.json'), 'utf8'),
  ) as PackageFile;
  if (json) {
    const report = {
      ngym: version,
      node: process.versions.node,
      node_path: process.execPath,
      installation_path: root,
      dependencies,
      system: {
        os: os.type(),
        platform: `${os.platform()} ${os.release()}`,
        architecture: os.arch(),
        processor: os.cpus()[0]?.model ?? '',
        cpus: os.availableParallelism(),
        memory_gb: Math.round((os.totalmem() / 2 ** 30) * 10) / 10,
      },
    };
    host.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  } else {
    host.stdout.write(`ngym ${version} (Node ${process.versions.node}, ${os.platform()} ${os.arch()})\n`);
  }
  return Promise.resolve(EXIT.complete);
};
