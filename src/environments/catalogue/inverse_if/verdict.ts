import { isObject } from '../../../protocol/index.js';
import { pythonRegex, strip, upper } from '../../../python/index.js';
import { asText } from '../../kit/as-text.js';

export interface PassFail {
  readonly verdict: 'PASS' | 'FAIL';
  readonly explanation: string;
}

const FENCED = pythonRegex('```(?:json)?\\s*(\\{.*?\\})\\s*```', { dotAll: true });
const OBJECT = pythonRegex(String.raw`\{[^{}]*"result"\s*:\s*"(PASS|FAIL)"[^{}]*\}`, { ignoreCase: true });

/**
 * The verdict of a judge who was asked for `{"result": …, "explanation": …}`: of the first fenced object; else of the
 * first object anywhere; else of the last of the last five lines that has the word. What says nothing fails.
 */
export function readPassFail(text: string): PassFail {
  const objects = [FENCED.search(text)?.group(1), OBJECT.search(text)?.group()];
  for (const json of objects) {
    const found = json === undefined ? undefined : readObject(json);
    if (found !== undefined) return found;
  }
  for (const line of strip(text).split('\n').slice(-5).toReversed()) {
    const said = upper(line);
    if (said.includes('PASS')) return { verdict: 'PASS', explanation: '' };
    if (said.includes('FAIL')) break;
  }
  return { verdict: 'FAIL', explanation: '' };
}

function readObject(json: string): PassFail | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (!isObject(parsed) || typeof parsed['result'] !== 'string') return undefined;
  const verdict = strip(upper(parsed['result']));
  if (verdict !== 'PASS' && verdict !== 'FAIL') return undefined;
  return { verdict, explanation: asText(parsed['explanation'] ?? '') };
}
