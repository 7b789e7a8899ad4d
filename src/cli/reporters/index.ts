import type { Host, Output } from '../host.js';
import type { Display } from './display.js';
import { lineDisplay } from './lines.js';

export type { Display } from './display.js';
export { jsonRecord } from './json.js';

/** A bar where stderr is a terminal, lines elsewhere. The bar's library is loaded only for the bar. */
export async function createDisplay({ stderr, env }: Host): Promise<Display> {
  if (!isTerminal(stderr) || env['TERM'] === 'dumb') return lineDisplay(stderr);
  const { barDisplay } = await import('./bar.js');
  return barDisplay(stderr);
}

function isTerminal(output: Output): output is Output & NodeJS.WritableStream {
  return output.isTTY === true;
}
