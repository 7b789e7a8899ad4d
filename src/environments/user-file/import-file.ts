import { pathToFileURL } from 'node:url';
import { NgError, type Where } from '../../errors/index.js';
import { prepareImports } from './prepare-imports.js';
import type { SourceFile } from './source-files.js';
import { sourceFiles } from './source-files.js';

export interface ImportedFile {
  readonly module: Readonly<Record<string, unknown>>;
  /** What it is made of, itself first. */
  readonly files: readonly SourceFile[];
}

/**
 * Imports a user's own file, JavaScript or TypeScript. In it `import … from 'ngym'` is this very package, wherever the
 * file lies. `failed` makes the NgError for one that cannot be loaded.
 */
export async function importFile(
  file: string,
  failed: (message: string, where: Where, cause: Error) => NgError,
): Promise<ImportedFile> {
  const files = await sourceFiles(file);
  prepareImports(files);
  try {
    return { module: (await import(pathToFileURL(file).href)) as Record<string, unknown>, files };
  } catch (error) {
    if (error instanceof NgError) throw error;
    const cause = error instanceof Error ? error : new Error(String(error));
    const { describeFailure } = await import('./place-of-failure.js');
    const { message, where } = describeFailure(cause, files);
    throw failed(message, where, cause);
  }
}
