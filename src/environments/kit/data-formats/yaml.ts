import { parseAllDocuments } from 'yaml';
import { NotParsed } from './not-parsed.js';

/** The value of a YAML 1.1 document: mappings are Maps, whole numbers are bigints. Throws {@link NotParsed}. */
export function parseYaml(text: string, { uniqueKeys = true }: { uniqueKeys?: boolean } = {}): unknown {
  const documents = parseAllDocuments(text, {
    version: '1.1',
    merge: true,
    intAsBigInt: true,
    prettyErrors: false,
    uniqueKeys,
  });
  const [document, second] = Array.isArray(documents) ? documents : [];
  if (document === undefined) return null;
  const [fault] = [...document.errors, ...document.warnings];
  if (fault !== undefined || second !== undefined) {
    throw new NotParsed(`YAMLError: ${fault?.message ?? 'expected a single document in the stream'}`);
  }
  return document.toJS({ mapAsMap: true });
}
