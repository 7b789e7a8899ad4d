import { z } from 'zod';
import { CallFailure } from '../../protocol/index.js';

/** Row keys of a picture of circles: those in it, and the colour that is asked for. */
export const circlesRow = z.object({
  circles: z.array(z.record(z.string(), z.unknown())).default([]),
  target_color: z.string().default(''),
});

type Circles = z.infer<typeof circlesRow>;

/** The circles of the colour that is asked for. Throws for one without a colour. */
export function circlesOfColour({ circles, target_color: colour }: Circles): Circles['circles'] {
  if (circles.some((circle) => !('color' in circle))) {
    throw new CallFailure('row_invalid', 'circles: every circle needs a "color"');
  }
  return circles.filter((circle) => circle['color'] === colour);
}
