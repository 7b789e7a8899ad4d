import { pythonRegex } from '../../../python/index.js';
import type { PythonFlags, PythonRegex } from '../../../python/index.js';

/** A way of writing citations. */
export interface Grammar {
  /** The pattern of one citation; `{IDS}` stands for the identifiers, group 1. */
  template: string;
  /** Several identifiers, with a comma and nothing else between them. */
  several?: boolean;
  flags?: PythonFlags;
  /** The group with the words that the citation is for, where those stand inside it. */
  claim?: number;
  /** Tags whose numbers must be that of the citations. */
  tags?: { open: PythonRegex; close: PythonRegex };
}

const CITE_TAGS = {
  open: pythonRegex(String.raw`<cite\b`, { ignoreCase: true }),
  close: pythonRegex(String.raw`</cite\s*>`, { ignoreCase: true }),
};

export const GRAMMARS: ReadonlyMap<string, Grammar> = new Map<string, Grammar>([
  ['cite_xml', { template: '<cite>({IDS})</cite>', several: true, tags: CITE_TAGS }],
  // Not the text of a Markdown link.
  ['ascii_brackets', { template: String.raw`\[({IDS})\](?!\()` }],
  [
    'claim_wrap_xml',
    {
      template: '<cite index="({IDS})">(.*?)</cite>',
      several: true,
      flags: { dotAll: true },
      claim: 2,
      tags: CITE_TAGS,
    },
  ],
  ['fullwidth_brackets', { template: '【({IDS})】' }],
  ['ref_colon', { template: String.raw`\[ref:({IDS})\]` }],
  ['double_angle', { template: '<<({IDS})>>' }],
  ['web_brackets', { template: String.raw`\[web:({IDS})\]` }],
  ['paren_part', { template: String.raw`\(({IDS})\)` }],
  ['markdown_footnote', { template: String.raw`\[\^({IDS})\]` }],
  ['curly_double', { template: String.raw`\{\{({IDS})\}\}` }],
  ['angle_pipe', { template: String.raw`<ref\|({IDS})>` }],
]);
