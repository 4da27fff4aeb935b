/** The process around the command: standard streams, a reader that goes away, the exit code. */
import { once } from 'node:events';
import { EXIT, type Io } from './io.ts';
import { run } from './run.ts';

const { stdin, stdout, stderr } = process;

/** `oflib ... | head`: the reader has what it wants. */
for (const stream of [stdout, stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.failure);
  });
}

const io: Io = {
  stdin: stdin.setEncoding('utf8') as AsyncIterable<string>,
  write: (text) => (stdout.write(text) ? undefined : once(stdout, 'drain').then(() => undefined)),
  complain: (text) => stderr.write(text),
};

process.exitCode = await run(process.argv.slice(2), io);
