import type { TestProject } from 'vitest/node';
import { ensureBuilt } from '../support/build.js';
import { installAll } from './install.js';
import { NPM_CLIENTS, PYTHON_CLIENTS, type ClientName, type Installed } from './versions.js';

declare module 'vitest' {
  export interface ProvidedContext {
    clients: Record<ClientName, Installed>;
  }
}

/** Builds the program, installs the clients, and says what is played. */
export default async function setup(project: TestProject): Promise<void> {
  await ensureBuilt();
  const clients = await installAll();
  project.provide('clients', clients);
  const specs: Record<ClientName, readonly string[]> = { ...NPM_CLIENTS, python: PYTHON_CLIENTS };
  for (const [name, installed] of Object.entries(clients)) {
    const versions = specs[name as ClientName].join(', ');
    console.log('missing' in installed ? `skipped: ${installed.missing}` : `playing ${versions}`);
  }
}
