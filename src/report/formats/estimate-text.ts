import type { Interval } from '../../metrics/index.js';
import type { Estimate } from '../numbers/estimates.js';
import { decimal } from '../text/format.js';

/** `[0.512, 0.698]`, or a dash. */
export function intervalText(interval: Pick<Interval, 'low' | 'high'> | null, digits = 4): string {
  return interval === null ? '–' : `[${decimal(interval.low, digits)}, ${decimal(interval.high, digits)}]`;
}

/** `[low, high]` of what missing rollouts could make of the value; a dash when none is missing. */
export function boundsText({ bounds }: Estimate, show: (value: number) => string = decimal): string {
  return bounds.low === bounds.high ? '–' : `[${show(bounds.low)}, ${show(bounds.high)}]`;
}
