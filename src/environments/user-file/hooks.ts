import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { InitializeHook, LoadHook, ResolveHook } from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * Module hooks for users' environment files. Runs in Node's loader thread: it shares nothing with the rest of
 * the program but these settings.
 */
export interface HookSettings {
  /** URL of this package's public entry. */
  entry: string;
  /** URL of a file of this package, to resolve its dependencies from. */
  here: string;
  /** Compile TypeScript here; false where Node strips types itself. */
  compile: boolean;
}

/** The little of TypeScript's compiler that is used here. */
interface Compiler {
  transpileModule(
    source: string,
    options: { fileName: string; reportDiagnostics: boolean; compilerOptions: Record<string, unknown> },
  ): { outputText: string; diagnostics?: readonly { start?: number; messageText: unknown }[] };
}

let settings: HookSettings | undefined;
let compiler: Compiler | undefined;

export const initialize: InitializeHook<HookSettings> = (given) => {
  settings = given;
};

export const resolve: ResolveHook = async (specifier, context, next) => {
  if (specifier === 'ngym') return { url: settings!.entry, shortCircuit: true };
  try {
    return await next(specifier, context);
  } catch (error) {
    if (specifier !== 'zod') throw error;
    return next(specifier, { ...context, parentURL: settings!.here });
  }
};

export const load: LoadHook = async (url, context, next) => {
  if (settings?.compile !== true || !/^file:.*\.m?ts$/.test(url)) return next(url, context);
  const fileName = fileURLToPath(url);
  compiler ??= findCompiler(url, settings.here);
  const source = await readFile(fileName, 'utf8');
  const { outputText, diagnostics } = compiler.transpileModule(source, {
    fileName,
    reportDiagnostics: true,
    // 99 = ESNext for both; numbers, because the enum belongs to whichever compiler version was found.
    compilerOptions: { target: 99, module: 99, inlineSourceMap: true, verbatimModuleSyntax: true },
  });
  const first = diagnostics?.[0];
  if (first !== undefined) {
    const line = source.slice(0, first.start ?? 0).split('\n').length;
    throw new SyntaxError(
      `${typeof first.messageText === 'string' ? first.messageText : 'not valid TypeScript'} (line ${line})`,
    );
  }
  return { format: 'module', source: outputText, shortCircuit: true };
};

/** The compiler of the user's project, else ours. */
function findCompiler(url: string, here: string): Compiler {
  try {
    return createRequire(url)('typescript') as Compiler;
  } catch {
    return createRequire(here)('typescript') as Compiler;
  }
}
