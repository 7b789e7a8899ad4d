import type { JsonObject } from '../../protocol/index.js';
import { previewOf } from './preview.js';

const ID_KEYS = ['id', 'uuid', 'task_id', 'question_id'];
const LENGTH = 80;

/** Top-level keys of an input row that {@link titleOf} reads. */
export const TITLE_KEYS: readonly string[] = [...ID_KEYS, 'responses_create_params'];

/** ` [id]: question`, each as far as the row has it, on one line; `captured` holds JSON text by key. */
export function titleOf(captured: ReadonlyMap<string, string>): string {
  const values = ID_KEYS.map((key) => JSON.parse(captured.get(key) ?? 'null') as unknown);
  const id = values.find((value) => typeof value === 'string' || typeof value === 'number');
  const request = JSON.parse(captured.get('responses_create_params') ?? 'null') as JsonObject | null;
  const question = previewOf({ responses_create_params: request });
  const short = question.length > LENGTH ? `${question.slice(0, LENGTH - 1)}…` : question;
  return `${id === undefined ? '' : ` [${id}]`}${short === '' ? '' : `: ${short}`}`;
}
