/** A message that GitHub shows on the run's page. */
export interface Annotation {
  level: 'error' | 'warning' | 'notice';
  title: string;
  message: string;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** GitHub workflow commands, one line each; nothing in a title or message can start another command. */
export function workflowCommands(annotations: readonly Annotation[]): string {
  return annotations
    .map(({ level, title, message }) => `::${level} title=${property(title)}::${data(message)}\n`)
    .join('');
}
