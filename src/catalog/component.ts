/** What `ng list` knows, in the reference's words. */
export const COMPONENT_KINDS = [
  'benchmarks',
  'environments',
  'agents',
  'models',
  'resources-servers',
] as const;

export type ComponentKind = (typeof COMPONENT_KINDS)[number];

/** One thing that can be named in a config or after a flag. Keys follow the reference's JSON. */
export interface Component {
  /** One line of a listing; always with `name`. */
  row: Record<string, string | number | boolean | null | string[]>;
  detail: {
    name: string;
    type: ComponentKind;
    domain: string | null;
    description: string | null;
    details: Record<string, string | number | boolean | null | string[]>;
    /** A command line that uses it. */
    usage_example: string;
  };
}
