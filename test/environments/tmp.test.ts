import { it } from 'vitest';
import { conformanceRows } from '../support/conformance.js';
import { HttpFace } from './http-face.js';
import { problemsOf } from './http-oracle.js';
import type { Case } from './oracle.js';
it('x', async () => {
  const name = process.env['ENVN']!;
  const cases = conformanceRows<Case>('environments', name, 'cases.jsonl');
  const face = await HttpFace.open(name, cases, 'provider');
  const t00 = Date.now();
  for (const one of cases) {
    const t0 = Date.now();
    const played = await face.play(one);
    const dt = Date.now() - t0;
    const p = played === undefined ? ['refused'] : problemsOf(played, one);
    if (dt > 300 || p.length > 0) console.log(one.case, dt, JSON.stringify((one.judge ?? []).map((j) => [j.reply.status, j.request.path])), one.status, p.join('; ').slice(0, 300));
    if (Date.now() - t00 > 25000) break;
  }
  await face.close();
}, 60000);
