import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONFORMANCE } from '../support/conformance.js';
import { testPlatform, type TestPlatform } from './support.js';

/** What the reference says of itself; not part of the project. */
const THEIRS = path.resolve(CONFORMANCE, '../reference/nemo-platform-0.6-openapi.json');
const missing = existsSync(THEIRS) ? false : `no description of the reference at ${THEIRS}`;

interface Schema {
  $ref?: string;
  type?: string;
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  default?: unknown;
  enum?: string[];
}
interface Operation {
  parameters?: { name: string; in: string; required?: boolean; schema: Schema }[];
  requestBody?: { content: { 'application/json': { schema: Schema } } };
  responses: Record<string, unknown>;
}
interface Description {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

/** What is ours alone. */
const OWN = /^\/apis\/ngym\/|\/usage$|\/logs$/;
/** Paths that the reference serves and does not describe. */
const UNSAID = new Set(['/apis/auth/discovery']);

let nmp: TestPlatform;
let ours: Description;
beforeAll(async () => {
  nmp = await testPlatform({ discovery: false });
  ours = (await nmp.ask('GET', '/openapi.json')).body as Description;
});
afterAll(() => nmp.end());

/** An object's schema, through references and unions with null. */
function objectOf(of: Description, schema: Schema | undefined): Schema {
  const name = schema?.$ref?.split('/').at(-1);
  if (name !== undefined) return objectOf(of, of.components.schemas[name]);
  const [first] = schema?.anyOf?.filter(({ type }) => type !== 'null') ?? [];
  return first === undefined ? (schema ?? {}) : objectOf(of, first);
}

function outline(of: Description, { parameters = [], requestBody, responses }: Operation) {
  const body = objectOf(of, requestBody?.content['application/json'].schema);
  return {
    parameters: parameters
      .map(({ name, in: where, required = false, schema }) => ({
        name,
        where,
        required,
        default: schema.default ?? null,
      }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    fields: Object.keys(body.properties ?? {}).toSorted(),
    required: (body.required ?? []).toSorted(),
    done: Object.keys(responses).filter((status) => status.startsWith('2')),
  };
}

describe('the description of the platform', () => {
  it('is OpenAPI 3.1, each operation under its own name', () => {
    const ids = Object.values(ours.paths).flatMap((operations) =>
      Object.values(operations).map((operation) => (operation as { operationId?: string }).operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
    expect(ours).toMatchObject({ openapi: '3.1.0', components: { schemas: { Error: {} } } });
  });

  it.skipIf(missing !== false)(
    `says the same as the reference’s of every route that is served${missing === false ? '' : `: ${missing}`}`,
    () => {
      const theirs = JSON.parse(readFileSync(THEIRS, 'utf8')) as Description;
      let compared = 0;
      for (const [route, operations] of Object.entries(ours.paths)) {
        if (OWN.test(route) || UNSAID.has(route)) continue;
        for (const [method, operation] of Object.entries(operations)) {
          const other = theirs.paths[route]?.[method];
          expect(other, `${method} ${route}`).toBeDefined();
          const wanted = outline(theirs, other!);
          const got = outline(ours, operation);
          expect({ [`${method} ${route}`]: got }).toEqual({
            [`${method} ${route}`]: {
              ...wanted,
              done: wanted.done.filter((status) => got.done.includes(status)),
            },
          });
          expect(got.done, `${method} ${route}`).toHaveLength(1);
          compared += 1;
        }
      }
      expect(compared).toBeGreaterThan(50);
    },
  );
});
