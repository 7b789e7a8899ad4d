import { label, untranslatable } from './failures.js';
import { dialectName } from './fields.js';
import type { Dialect, RequestForm, ToolChoice, ToolForm } from './form.js';
import type { TranslateOptions } from './options.js';

const RUNS_ELSEWHERE = 'runs at its own provider and has no form in';

/** Refuses a tool that runs at the provider of another API. */
export function refuseHosted(tool: ToolForm, target: Dialect): never {
  throw untranslatable(
    `tool "${tool.name}"`,
    `a tool of type "${label(tool.value['type'])}" ${RUNS_ELSEWHERE} ${dialectName(target)}; declare a function ` +
      'instead, or leave such tools out with unsupported_tools: drop',
  );
}

/** The form without the tools that only another API runs, where that is wanted; each is reported. */
export function withoutHosted(form: RequestForm, target: Dialect, options: TranslateOptions): RequestForm {
  if (options.unsupportedTools !== 'drop') return form;
  const hosted = form.tools.filter(({ kind }) => kind === 'hosted');
  if (hosted.length === 0) return form;
  for (const tool of hosted) {
    options.onLoss?.({
      part: `a tool of type "${label(tool.value['type'])}"`,
      reason: `it ${RUNS_ELSEWHERE} ${dialectName(target)} (unsupported_tools: drop)`,
    });
  }
  const { toolChoice, ...rest } = form;
  const tools = form.tools.filter(({ kind }) => kind !== 'hosted');
  const choice = toolChoice === undefined ? undefined : remaining(toolChoice, hosted);
  return { ...rest, tools, ...(choice !== undefined && { toolChoice: choice }) };
}

/** What is left of a tool choice without those tools; undefined: the model chooses. */
function remaining(choice: ToolChoice, hosted: readonly ToolForm[]): ToolChoice | undefined {
  const gone = new Set(hosted.flatMap(({ name, value }) => [name, value['type']]));
  if (choice.kind === 'tool') return gone.has(choice.name) ? undefined : choice;
  if (choice.kind === 'allowed') {
    const names = choice.names.filter((name) => !gone.has(name));
    return names.length > 0 ? { ...choice, names } : undefined;
  }
  if (choice.kind !== 'opaque') return choice;
  const { value } = choice;
  const type: unknown =
    typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
  return gone.has(type as string) ? undefined : choice;
}
