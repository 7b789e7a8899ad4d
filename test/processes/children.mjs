/** Children for the tests: what they do is their first argument. `PORT` is where they answer. */
import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [, , role, note] = process.argv;

function listen() {
  const server = createServer((request, reply) => {
    reply.end(JSON.stringify({ pid: process.pid, cwd: process.cwd(), word: process.env.WORD }));
    if (request.url === '/die') process.exit(3);
  });
  server.listen(Number(process.env.PORT), '127.0.0.1');
}

const roles = {
  /** Answers, and tells of its end. */
  serve() {
    console.log(`serving; the token is ${process.env.WORD}`);
    process.on('SIGTERM', () => {
      appendFileSync(note, 'drained');
      process.exit(0);
    });
    listen();
  },
  /** Does not heed SIGTERM, and has a child of its own that does not either. */
  stubborn() {
    process.on('SIGTERM', () => undefined);
    const child = spawn(process.execPath, [process.argv[1], 'deaf'], { stdio: 'inherit' });
    appendFileSync(note, `${process.pid} ${child.pid}\n`);
    listen();
  },
  deaf() {
    process.on('SIGTERM', () => undefined);
    setInterval(() => undefined, 1_000);
  },
  /** Never answers. */
  mute() {
    console.error('looking for a model that is not there');
    setInterval(() => undefined, 1_000);
  },
  /** Ends at once. */
  fail() {
    console.error("ModuleNotFoundError: No module named 'left_pad'");
    process.exitCode = 7;
  },
};

roles[role]();
