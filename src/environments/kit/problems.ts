import type { z } from 'zod';

/** Zod issues as short lines, `key.path: what is wrong`, in the order of the schema. */
export function describeProblems(error: z.ZodError): string[] {
  return error.issues.map((issue) => {
    const at = issue.path.map(String).join('.');
    return at === '' ? issue.message : `${at}: ${issue.message}`;
  });
}
