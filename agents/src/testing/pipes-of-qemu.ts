/** QEMU's end of a monitor in named pipes, played by a test: both held open, whoever comes and goes at the other end. */
import { execFileSync } from 'node:child_process';
import { constants, openSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { Socket } from 'node:net';
import { jsonStream } from '../qemu/qmp/json-stream.ts';

const FLAGS = constants.O_RDWR | constants.O_NONBLOCK;

export interface PipesOfQemu {
  /** Bytes as they are. */
  say(text: string): Promise<unknown>;
  close(): Promise<void>;
}

/** Makes the pipes. `answer`: what a command gets beside its number; null: nothing. */
export async function pipesOfQemu(
  path: string,
  answer: (command: string, message: Readonly<Record<string, unknown>>) => object | null,
): Promise<PipesOfQemu> {
  execFileSync('mkfifo', [`${path}.in`, `${path}.out`]);
  const commands = new Socket({ fd: openSync(`${path}.in`, FLAGS), readable: true, writable: false });
  const to = await open(`${path}.out`, FLAGS);
  const stream = jsonStream();
  commands.on('data', (chunk) => {
    for (const value of stream.push(chunk)) {
      const message = value as Readonly<Record<string, unknown>>; // Our own client wrote it.
      const reply = answer(String(message['exec-oob'] ?? message.execute), message);
      if (reply !== null) void to.write(`${JSON.stringify({ ...reply, id: message.id })}\r\n`);
    }
  });
  return {
    say: (text) => to.write(text),
    async close() {
      commands.destroy();
      await to.close();
    },
  };
}
