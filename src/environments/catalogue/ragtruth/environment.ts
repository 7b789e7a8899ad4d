import { z } from 'zod';
import {
  characters,
  escapePattern,
  lenientBool,
  pythonRegex,
  strip,
  tryLoadsJson,
  writePython,
} from '../../../python/index.js';
import type { Lossless, PythonRegex } from '../../../python/index.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { anyText } from '../../kit/reply-text.js';
import { taskKeys } from '../../kit/row-keys.js';
import { keyMetrics, metrics } from './metrics.js';

const WHOLE_FENCE = pythonRegex('^```(?:json)?\\s*\\r?\\n?(.*)\\r?\\n?```\\s*$', {
  dotAll: true,
  ignoreCase: true,
});
const INNER_FENCE = pythonRegex('```(?:json)?\\s*\\r?\\n?(.*?)```', { dotAll: true, ignoreCase: true });

const thinking = new Map<string, readonly PythonRegex[]>();

/** Pairs of the tag with what is between, then all up to a closing tag that is left, then opening tags. */
function thinkingPatterns(tag: string): readonly PythonRegex[] {
  const name = escapePattern(tag);
  const patterns = thinking.get(tag) ?? [
    pythonRegex(`<${name}>.*?</${name}>`, { dotAll: true, ignoreCase: true }),
    pythonRegex(`.*</${name}>\\s*`, { dotAll: true, ignoreCase: true }),
    pythonRegex(`<${name}>\\s*`, { ignoreCase: true }),
  ];
  thinking.set(tag, patterns);
  return patterns;
}

/** What stands in a code fence, around all of it or else the first that is not empty; the text where there is none. */
function unfenced(text: string): string {
  if (!text.includes('```')) return text;
  const whole = WHOLE_FENCE.match(text)?.group(1);
  if (whole !== undefined) return strip(whole);
  const inner = strip(INNER_FENCE.search(text)?.group(1) ?? '');
  return inner === '' ? text : inner;
}

function readObject(reply: string, tag: string): Map<string, Lossless> | undefined {
  const spoken = strip(thinkingPatterns(tag).reduce((text, pattern) => pattern.sub('', text), reply));
  const value = tryLoadsJson(unfenced(spoken));
  return value instanceof Map ? value : undefined;
}

/** Does a text say what its source does not? Right is the answer yes or no, not which places. */
export const ragtruth = defineEnvironment({
  name: 'ragtruth',
  version: 1,
  reverifyMode: 'stateless',
  config: z.object({ name: z.string().optional(), think_tag: z.string().default('think') }),
  row: z.object({ is_halu: lenientBool.default(false), task_type: z.string().default('') }),
  verify({ row, response, config }) {
    const answer = readObject(anyText(response), config.think_tag);
    const listed = answer?.get('hallucination list');
    const list = Array.isArray(listed) ? listed : undefined;
    const found = list !== undefined && list.length > 0;
    const text = list === undefined ? '' : writePython(list, { ascii: false });
    return {
      ...taskKeys(row),
      reward: Number(found === row.is_halu),
      is_halu: Number(row.is_halu),
      pred_halu: Number(found),
      parse_fail: Number(answer === undefined),
      extracted: characters(text).slice(0, 500).join(''),
    };
  },
  metrics,
  keyMetrics,
});
