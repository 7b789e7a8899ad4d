import type { Capability } from '../capabilities/index.js';
import { label, untranslatable } from '../failures.js';
import type { FormatForm, RequestForm, ToolChoice, ToolForm } from '../form.js';
import { refuseHosted } from '../hosted-tools.js';
import type { ToolNames } from '../names.js';
import type { TranslateOptions } from '../options.js';

type Body = Record<string, unknown>;

/** The parameters of a function that stands for a custom tool: its one text. */
export const CUSTOM_PARAMETERS = {
  type: 'object',
  properties: { input: { type: 'string' } },
  required: ['input'],
};

/** The tools to declare: only the allowed ones where the provider does not know `allowed_tools`. */
export function declaredTools(form: RequestForm, capability: Capability): ToolForm[] {
  const choice = form.toolChoice;
  if (choice?.kind === 'allowed' && !capability.allowedTools) {
    return form.tools.filter((tool) => choice.names.includes(tool.name));
  }
  if (choice?.kind === 'tool' && capability.toolChoice === 'unnamed') {
    return form.tools.filter((tool) => tool.name === choice.name);
  }
  return form.tools;
}

function writeTool(tool: ToolForm, names: ToolNames): Body {
  if (tool.kind === 'hosted') refuseHosted(tool, 'chat');
  const fn: Body = { name: names.toWire(tool.name, tool.namespace) };
  if (tool.description !== undefined) fn['description'] = tool.description;
  if (tool.kind === 'custom') fn['parameters'] = CUSTOM_PARAMETERS;
  else if (tool.parameters !== undefined) fn['parameters'] = tool.parameters;
  if (tool.strict !== undefined) fn['strict'] = tool.strict;
  return { type: 'function', function: fn };
}

function writeChoice(choice: ToolChoice, names: ToolNames, capability: Capability): unknown {
  const named = (name: string): Body => ({ type: 'function', function: { name: names.toWire(name) } });
  switch (choice.kind) {
    case 'tool':
      return capability.toolChoice === 'unnamed' ? 'required' : named(choice.name);
    case 'allowed':
      if (!capability.allowedTools) return choice.mode;
      return { type: 'allowed_tools', allowed_tools: { mode: choice.mode, tools: choice.names.map(named) } };
    case 'opaque':
      throw untranslatable('tool_choice', `${label(choice.value)} has no form in Chat Completions`);
    default:
      return choice.kind;
  }
}

/** Writes `tools`, `tool_choice` and `parallel_tool_calls`; the latter two mean nothing without tools. */
export function writeTools(
  body: Body,
  form: RequestForm,
  names: ToolNames,
  capability: Capability,
  options: TranslateOptions,
): void {
  const choice = form.toolChoice;
  if (form.tools.length === 0) {
    if (choice?.kind === 'required')
      throw untranslatable('tool_choice', '"required" needs at least one tool');
    return;
  }
  body['tools'] = declaredTools(form, capability).map((tool) => writeTool(tool, names));
  if (choice !== undefined) {
    const written = writeChoice(choice, names, capability);
    if (capability.toolChoice === 'auto_only' && written !== 'auto' && written !== 'none') {
      if (options.unsupported !== 'drop')
        throw untranslatable('tool_choice', 'the provider knows auto and none only');
      options.onLoss?.({ part: 'tool_choice', reason: 'the provider knows auto and none only' });
    } else body['tool_choice'] = written;
  }
  if (typeof form.parallelToolCalls === 'boolean') body['parallel_tool_calls'] = form.parallelToolCalls;
}

export function writeFormat(format: FormatForm): Body {
  if (format.kind !== 'json_schema') return { type: format.kind };
  const schema: Body = { name: format.name ?? 'response' };
  if (format.description !== undefined) schema['description'] = format.description;
  schema['schema'] = format.schema;
  if (format.strict !== undefined && format.strict !== null) schema['strict'] = format.strict;
  return { type: 'json_schema', json_schema: schema };
}
