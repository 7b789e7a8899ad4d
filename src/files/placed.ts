/** A system error of an open file does not say which file it was: this one does, as its `path`. */
export function placed(error: unknown, file: string): unknown {
  if (error instanceof Error && 'code' in error && !('path' in error)) Object.assign(error, { path: file });
  return error;
}
