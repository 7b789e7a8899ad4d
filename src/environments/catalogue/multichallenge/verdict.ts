import { strip, upper } from '../../../python/index.js';
import { lastLabel } from '../../judge/reading.js';

/** The last label decides; without one, the last line that says yes, or else no. What says nothing is no. */
export function readYesNo(
  text: string,
  { yes_label: yes, no_label: no }: { yes_label: string; no_label: string },
): 'YES' | 'NO' {
  const label = lastLabel(text, [yes, no]);
  if (label !== undefined) return label === yes && yes !== no ? 'YES' : 'NO';
  const stripped = strip(text);
  const line = upper(stripped.slice(stripped.lastIndexOf('\n') + 1));
  return line.includes('YES') ? 'YES' : 'NO';
}
