// Shared by every program of this folder: runs the compiled command line under the given name.
import { existsSync } from 'node:fs';

export async function start(name) {
  const main = new URL('../dist/cli/main.js', import.meta.url);
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`error: Node ${process.versions.node} is too old\n  fix: install Node 20.19 or newer`);
    process.exitCode = 2;
  } else if (!existsSync(main)) {
    console.error('error: ngym is not compiled yet\n  fix: run "npm run build" in its folder');
    process.exitCode = 2;
  } else {
    const cli = await import(main.href);
    process.on('uncaughtException', (error) => process.exit(cli.reportThrown(error, process.stderr)));
    process.exitCode = await cli.main(process.argv.slice(2), cli.processHost(name));
    // A forgotten handle must not keep a finished program alive.
    setTimeout(() => process.exit(), 1500).unref();
  }
}
