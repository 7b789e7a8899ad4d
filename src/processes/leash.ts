/**
 * A shell script that becomes the command `$@` and leaves a watcher in its process group. The watcher waits on
 * descriptor 3, whose other end only the process that started the command holds: when that process is gone, by whatever
 * signal, the descriptor ends, and the watcher ends the whole group. SIGTERM first; SIGKILL when the command is gone or
 * `$1` tenths of a second have passed. POSIX, so that Linux and macOS need nothing else.
 */
const SCRIPT = `
left=$1; shift
(
  trap '' TERM INT HUP
  read -r _ <&3
  kill -TERM 0
  while [ "$left" -gt 0 ] && kill -0 $$ 2>/dev/null; do sleep 0.1; left=$((left - 1)); done
  kill -KILL 0
) >/dev/null 2>&1 </dev/null &
exec "$@" 3<&-
`;

/** The words that start a command on a leash, for `spawn` with a pipe as descriptor 3 and `detached`. */
export function leashed(command: string, args: readonly string[], graceMs: number): [string, string[]] {
  const tenths = String(Math.ceil(graceMs / 100));
  return ['/bin/sh', ['-c', SCRIPT, 'leash', tenths, command, ...args]];
}
