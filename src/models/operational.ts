import type { z } from 'zod';

const marked = new WeakSet<z.core.$ZodType>();

/**
 * Marks keys of a model's block that say where and how it is asked, not what it answers: addresses, credentials,
 * limits. A run may be resumed with other values; any key that is not marked makes another run.
 */
export function operational<Shape extends z.ZodRawShape>(shape: Shape): Shape {
  const copies = Object.entries(shape).map(([key, field]) => {
    // A copy: the same schema may stand for another key that does matter.
    const copy = (field as z.ZodType).clone();
    marked.add(copy);
    return [key, copy];
  });
  return Object.fromEntries(copies) as Shape;
}

/** The marked keys of a schema. */
export function operationalKeys(schema: z.ZodObject): string[] {
  const shape = schema.shape as Record<string, z.core.$ZodType>;
  return Object.keys(shape).filter((key) => marked.has(shape[key]!));
}
