import { NgError } from './ng-error.js';

interface Trouble {
  /** What is wrong, after "<file>: ". */
  words: string;
  hint: string;
}

const ELSEWHERE = 'Choose another place for the file, or make this one writable.';
const ROOM = 'Make room and run the same command again; what was stored before is kept.';

/** System errors that come from the user's files and disks, never from a fault of the program. */
const TROUBLES: Readonly<Record<string, Trouble>> = {
  EROFS: { words: 'the file system is read-only', hint: ELSEWHERE },
  EACCES: { words: 'permission denied', hint: ELSEWHERE },
  EPERM: { words: 'the operation is not permitted', hint: ELSEWHERE },
  ENOTDIR: { words: 'a part of the path is a file, not a folder', hint: 'Correct the path.' },
  EEXIST: { words: 'something else is there already', hint: 'Choose another name, or move it away.' },
  EISDIR: { words: 'it is a folder, and a file is wanted', hint: 'Name a file in it.' },
  ELOOP: {
    words: 'its symbolic links lead in a circle',
    hint: 'Remove the link, or name the file that it should lead to.',
  },
  ENAMETOOLONG: { words: 'the name is too long for the file system', hint: 'Choose a shorter one.' },
  EMFILE: { words: 'too many files are open', hint: 'Raise the limit (ulimit -n), or lower --concurrency.' },
  ENFILE: { words: 'too many files are open on this machine', hint: 'Close some, and try again.' },
  ENXIO: { words: 'nothing reads from the other end', hint: 'Name an ordinary file.' },
  EIO: { words: 'the disk answers with an error', hint: 'Check the disk, or choose another place.' },
  ENOSPC: { words: 'the disk is full', hint: ROOM },
  EDQUOT: { words: 'the disk quota is used up', hint: ROOM },
  EFBIG: { words: 'the file may not grow any further', hint: ROOM },
};

/** The calls of the operating system that touch files; others (listen, connect, spawn) have errors of their own. */
const FILE_CALLS =
  /^(open|read|write|mkdir|rename|link|unlink|stat|lstat|fstat|scandir|opendir|rm|rmdir|ftruncate|fdatasync|fsync|symlink|readlink|access|copyfile)$/;

const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Codes of {@link fileTrouble} for a disk without room: a run that met it is incomplete, not wrong. */
export const DISK_FULL = 'FILE_DISK_FULL';

/**
 * A system error about a file as a user's error; undefined for any other. `file` where the error itself does not name
 * one, or names one that the user never typed.
 */
export function fileTrouble(error: unknown, file?: string): NgError | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return undefined;
  const { code, path, syscall = '' } = error as NodeJS.ErrnoException;
  const trouble = TROUBLES[code ?? ''];
  const named = file ?? path;
  if (code === undefined || trouble === undefined || !FILE_CALLS.test(syscall)) return undefined;
  const subject = named === undefined ? 'A file' : named;
  return new NgError(
    FULL.has(code) ? DISK_FULL : 'FILE_TROUBLE',
    `${subject}: ${trouble.words} (${code}).`,
    trouble.hint,
    {},
    { cause: error },
  );
}

export function outputIsFolder(folder: string): NgError {
  return new NgError(
    'FILE_OUTPUT_IS_FOLDER',
    `The output ${folder} is a folder, and a file is wanted.`,
    `Name a file in it: ${folder}/rollouts.jsonl.`,
  );
}

/** A folder that cannot be made where it is asked for. */
export function folderImpossible(folder: string, cause: unknown): NgError {
  return (
    fileTrouble(cause, folder) ??
    new NgError(
      'FILE_FOLDER_IMPOSSIBLE',
      `The folder ${folder} cannot be made.`,
      'Choose another place for the output.',
      {},
      { cause },
    )
  );
}
