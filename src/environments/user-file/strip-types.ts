import { createRequire } from 'node:module';
import type { Options, TransformOutput } from '@swc/wasm-typescript';

/** A mistake in the syntax of a file, with its place. Lines and columns count from 1. */
export class SyntaxProblem extends SyntaxError {
  constructor(
    readonly file: string,
    readonly line: number,
    readonly column: number,
    message: string,
  ) {
    super(message);
  }
}

export interface Stripped {
  code: string;
  /** Lines and columns of `code` are not those of the source: it carries a source map. */
  moved: boolean;
}

interface Compiler {
  transformSync(source: string, options: Options): TransformOutput;
}

/** What the compiler throws; it is no Error. */
interface Complaint {
  code?: string;
  message?: string;
  startLine?: number;
  startColumn?: number;
}

let compiler: Compiler | undefined;

/** Loaded on first use: a run without TypeScript does not pay for it. */
function load(): Compiler {
  compiler ??= createRequire(import.meta.url)('@swc/wasm-typescript') as Compiler;
  return compiler;
}

/**
 * TypeScript as JavaScript. Types become spaces, so that every position stays; only where that cannot be done (enums,
 * parameter properties, namespaces) is the text written anew. Imports stay as they are written: a type is imported
 * with `import type`. Throws {@link SyntaxProblem}.
 */
export function stripTypes(file: string, source: string): Stripped {
  const options: Options = { filename: file, module: true };
  try {
    return { code: load().transformSync(source, { ...options, mode: 'strip-only' }).code, moved: false };
  } catch (thrown) {
    if ((thrown as Complaint).code !== 'UnsupportedSyntax') throw problemOf(file, thrown);
  }
  try {
    const { code, map = '' } = load().transformSync(source, {
      ...options,
      mode: 'transform',
      sourceMap: true,
      transform: { verbatimModuleSyntax: true, nativeClassProperties: true },
    });
    const url = `data:application/json;base64,${Buffer.from(map).toString('base64')}`;
    return { code: `${code}\n//# sourceMappingURL=${url}\n`, moved: true };
  } catch (thrown) {
    throw problemOf(file, thrown);
  }
}

function problemOf(file: string, thrown: unknown): unknown {
  const { message, startLine, startColumn } = thrown as Complaint;
  if (typeof message !== 'string' || typeof startLine !== 'number') return thrown;
  return new SyntaxProblem(file, startLine, (startColumn ?? 0) + 1, message);
}
