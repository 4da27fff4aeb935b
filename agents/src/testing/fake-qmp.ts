/** A QEMU monitor that says what a test tells it to: on a unix socket, in bytes of the test's choice. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jsonStream } from '../qemu/qmp/json-stream.ts';

export const GREETING = {
  QMP: { version: { qemu: { major: 7, minor: 2, micro: 22 }, package: 'Debian' }, capabilities: ['oob'] },
};

export interface AskedCommand {
  readonly execute: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly id: number;
  /** It was not to wait for others. */
  readonly isUrgent?: true;
}

/** What a command is answered with: `return`'s value, QEMU's error, or nothing at all. */
export type Answer =
  | { readonly value: unknown }
  | { readonly error: { readonly class: string; readonly desc: string } }
  | 'silence';

export interface FakeQmp {
  readonly socketPath: string;
  readonly asked: readonly AskedCommand[];
  isConnected(): boolean;
  event(name: string, data?: object): void;
  /** Bytes as they are, to whoever is connected. */
  raw(text: string | Uint8Array): void;
  /** Cuts the connection; a client may connect again. */
  cut(): void;
  /** Cuts the connection and listens no more. */
  end(): void;
  close(): Promise<void>;
}

export async function fakeQmp(
  answer: (command: AskedCommand) => Answer = () => ({ value: {} }),
  options: {
    readonly greeting?: string;
    readonly socketPath?: string;
    /** Greets and answers nothing that has to wait its turn. */
    readonly isStanding?: () => boolean;
  } = {},
): Promise<FakeQmp> {
  const dir = mkdtempSync(join(tmpdir(), 'slf-'));
  const socketPath = options.socketPath ?? join(dir, 'qmp');
  const asked: AskedCommand[] = [];
  const clients = new Set<Socket>();
  const say = (message: string | Uint8Array): void => {
    for (const client of clients) client.write(message);
  };
  const server = createServer((client) => {
    clients.add(client);
    client.on('close', () => clients.delete(client));
    client.on('error', () => undefined);
    client.write(options.greeting ?? `${JSON.stringify(GREETING)}\r\n`);
    const stream = jsonStream();
    client.on('data', (chunk) => {
      for (const message of stream.push(chunk)) {
        const said = message as Partial<AskedCommand> & { readonly 'exec-oob'?: string }; // Our own client wrote it.
        const urgent = said['exec-oob'];
        const command: AskedCommand = {
          execute: urgent ?? said.execute ?? '',
          ...{ arguments: said.arguments ?? {}, id: said.id ?? -1 },
          ...(urgent !== undefined && { isUrgent: true }),
        };
        asked.push(command);
        if (urgent === undefined && options.isStanding?.() === true) continue;
        const reply = command.execute === 'qmp_capabilities' ? { value: {} } : answer(command);
        if (reply === 'silence') continue;
        const { id } = command;
        const body = 'error' in reply ? { error: reply.error, id } : { return: reply.value, id };
        client.write(`${JSON.stringify(body)}\r\n`);
      }
    });
  });
  const cut = (): void => {
    for (const client of clients) client.destroy();
  };
  server.listen(socketPath);
  await once(server, 'listening');
  return {
    socketPath,
    asked,
    raw: say,
    isConnected: () => clients.size > 0,
    event(event, data = {}) {
      const now = Date.now() * 1000;
      const timestamp = { seconds: Math.floor(now / 1e6), microseconds: now % 1e6 };
      say(`${JSON.stringify({ event, data, timestamp })}\r\n`);
    },
    cut,
    end() {
      server.close();
      cut();
    },
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
