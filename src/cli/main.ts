import { isClientWord } from './client-word.js';
import { EXIT } from './exit-codes.js';
import { explainThrown } from './failure-text.js';
import type { Host, Output } from './host.js';
import { legacyWords } from './legacy.js';
import { toInvocation } from './overrides.js';
import { parse } from './parse.js';
import { asCalled } from './program-word.js';

export { EXIT } from './exit-codes.js';
export type { Host, Output } from './host.js';
export { processHost } from './host.js';

/** Runs one command line, without the program name. Never throws; gives the exit code (see exit-codes.ts). */
export async function main(argv: readonly string[], host: Host): Promise<number> {
  try {
    const words = [...legacyWords(host.name), ...argv];
    if (isClientWord(words)) return await (await import('./client/run-client.js')).runClient(words, host);
    const parsed = parse(asksForHelp(words) ? [...words, '--help'] : words, host.stdout.columns);
    if (parsed.kind === 'help') {
      host.stdout.write(parsed.text);
      return parsed.asked ? EXIT.complete : EXIT.usage;
    }
    const invocation = await toInvocation(parsed, host, argv);
    const { run } = await parsed.command.load();
    return await run(invocation);
  } catch (thrown) {
    return reportThrown(thrown, host.stderr, host.programWord());
  }
}

/** Says what was thrown and gives the exit code; also for what is thrown outside of {@link main}. */
export function reportThrown(thrown: unknown, stderr: Output, word = 'ng'): number {
  const { text, code } = explainThrown(thrown);
  stderr.write(asCalled(text, word));
  return code;
}

/** `+h=true` and `+help=true` were the help of the reference's first versions. */
function asksForHelp(words: readonly string[]): boolean {
  return words.some((word) => /^\+{0,2}(?:h|help)=true$/i.test(word));
}
