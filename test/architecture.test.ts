import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const src = path.resolve(import.meta.dirname, '../src');

/** The house's arrows: a folder may import from these folders only (docs/architecture.md says why). */
const ALLOWED: Record<string, readonly string[]> = {
  protocol: [],
  errors: [],
  reference: ['files', 'errors'],
  metrics: [],
  python: ['errors'],
  files: ['errors'],
  processes: ['errors'],
  store: ['files', 'errors'],
  translate: ['protocol'],
  transport: ['files', 'protocol', 'errors'],
  config: ['reference', 'python', 'files', 'errors'],
  models: ['transport', 'translate', 'protocol', 'errors'],
  environments: ['reference', 'processes', 'python', 'transport', 'translate', 'protocol', 'errors'],
  agents: ['transport', 'translate', 'protocol', 'errors'],
  graph: ['agents', 'environments', 'models', 'transport', 'config', 'protocol', 'errors'],
  rollouts: [
    'graph',
    'agents',
    'environments',
    'models',
    'metrics',
    'python',
    'files',
    'config',
    'transport',
    'protocol',
    'errors',
  ],
  serve: [
    'graph',
    'files',
    'processes',
    'agents',
    'environments',
    'models',
    'metrics',
    'config',
    'transport',
    'translate',
    'protocol',
    'errors',
  ],
  platform: [
    'serve',
    'store',
    'processes',
    'models',
    'transport',
    'translate',
    'python',
    'files',
    'protocol',
    'errors',
  ],
  report: ['metrics', 'rollouts', 'files', 'errors', 'protocol'],
  authoring: [
    'graph',
    'files',
    'agents',
    'environments',
    'models',
    'config',
    'transport',
    'protocol',
    'errors',
  ],
  catalog: [],
  index: [
    'rollouts',
    'serve',
    'platform',
    'report',
    'config',
    'graph',
    'catalog',
    'authoring',
    'reference',
    'metrics',
    'errors',
    'environments',
    'protocol',
  ],
  cli: ['index', 'errors'],
};

interface Import {
  from: string;
  to: string;
  typeOnly: boolean;
}

function sourceFiles(): string[] {
  return readdirSync(src, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => path.join(entry.parentPath, entry.name));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8');
  const pattern =
    /(?:^|\n)\s*(import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'(\.[^']+)'|import\('(\.[^']+)'\)/g;
  return [...text.matchAll(pattern)].map((match) => ({
    from: file,
    to: path.resolve(path.dirname(file), (match[3] ?? match[4])!).replace(/\.js$/, '.ts'),
    typeOnly: match[2] !== undefined,
  }));
}

/** `rollouts/plan.ts` → `rollouts`; `index.ts` → `index`. */
function folder(file: string): string {
  const [first = ''] = path.relative(src, file).split(path.sep);
  return first.replace(/\.ts$/, '');
}

const imports = sourceFiles().flatMap(importsOf);

describe('architecture', () => {
  it('finds imports to check', () => {
    expect(imports.length).toBeGreaterThan(20);
  });

  it('follows the allowed arrows between folders', () => {
    const wrong = imports
      .filter(
        ({ from, to }) => folder(from) !== folder(to) && !(ALLOWED[folder(from)] ?? []).includes(folder(to)),
      )
      .map(({ from, to }) => `${path.relative(src, from)} -> ${path.relative(src, to)}`);
    expect(wrong).toEqual([]);
  });

  it('has short files: half of them below 100 lines', () => {
    const lengths = sourceFiles().map((file) => readFileSync(file, 'utf8').split('\n').length);
    expect(lengths.sort((a, b) => a - b)[Math.floor(lengths.length / 2)]).toBeLessThan(100);
  });

  it('is what docs/architecture.md says', () => {
    const page = readFileSync(path.join(src, '../docs/architecture.md'), 'utf8');
    const rows = [...page.matchAll(/^\| `([a-z]+)(?:\/|\.ts)` \|.*\| (.*) \|$/gm)].map(
      ([, room, may]) => [room!, may!] as const,
    );
    const named = (may: string): string[] => [...may.matchAll(/`([a-z]+)`/g)].map((match) => match[1]!);
    const reachable = (may: string): string[] => {
      const [, through] = /`([a-z]+)` and what it may import/.exec(may) ?? [];
      return [...new Set([...named(may), ...(through === undefined ? [] : ALLOWED[through]!)])].sort();
    };
    const said = Object.fromEntries(rows.map(([room, may]) => [room, reachable(may)]));
    expect(said).toEqual(
      Object.fromEntries(Object.entries(ALLOWED).map(([room, may]) => [room, [...may].sort()])),
    );
  });

  it('enters another folder through its index', () => {
    const wrong = imports
      .filter(
        ({ from, to }) =>
          folder(from) !== folder(to) && folder(to) !== 'index' && path.basename(to) !== 'index.ts',
      )
      .map(({ from, to }) => `${path.relative(src, from)} -> ${path.relative(src, to)}`);
    expect(wrong).toEqual([]);
  });

  it('has no circles between files', () => {
    const edges = new Map<string, string[]>();
    for (const { from, to, typeOnly } of imports) {
      // Type-only imports vanish at run time: two types may refer to each other.
      if (!typeOnly) edges.set(from, [...(edges.get(from) ?? []), to]);
    }
    const state = new Map<string, 'open' | 'done'>();
    const circles: string[] = [];
    const visit = (file: string, trail: string[]): void => {
      if (state.get(file) === 'done') return;
      if (state.get(file) === 'open') {
        circles.push(
          [...trail.slice(trail.indexOf(file)), file].map((f) => path.relative(src, f)).join(' -> '),
        );
        return;
      }
      state.set(file, 'open');
      for (const next of edges.get(file) ?? []) visit(next, [...trail, file]);
      state.set(file, 'done');
    };
    for (const file of edges.keys()) visit(file, []);
    expect(circles).toEqual([]);
  });
});
