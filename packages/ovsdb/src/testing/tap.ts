/** For tests: stands between a client and a server on a unix socket, and keeps what the server says. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { isJsonObject, type JsonObject } from '../json.ts';
import { parseJson } from '../json-parse.ts';
import { JsonSplitter } from '../json-splitter.ts';

export class Tap {
  /** Every message of either side, in order, over all connections. */
  readonly fromServer: JsonObject[] = [];
  readonly fromClient: JsonObject[] = [];
  readonly #path: string;
  readonly #target: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isOpen = true;

  constructor(path: string, endpoint: string) {
    this.#path = path;
    this.#target = endpoint.slice('unix:'.length);
    this.#server = createServer((client) => this.#join(client));
  }

  get endpoint(): string {
    return `unix:${this.#path}`;
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.#path, resolve));
  }

  /** While closed it cuts and refuses everybody. */
  gate(isOpen: boolean): void {
    this.#isOpen = isOpen;
    if (!isOpen) for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.gate(false);
    await closed;
  }

  #join(client: Socket): void {
    if (!this.#isOpen) return void client.destroy();
    const server = connect({ path: this.#target });
    this.#pass(client, server, this.fromClient);
    this.#pass(server, client, this.fromServer);
  }

  #pass(from: Socket, to: Socket, kept: JsonObject[]): void {
    const splitter = new JsonSplitter();
    this.#sockets.add(from);
    from.on('data', (chunk) => {
      for (const text of splitter.push(chunk)) {
        const message = parseJson(text);
        if (isJsonObject(message)) kept.push(message);
      }
      to.write(chunk);
    });
    from.on('error', () => {});
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
  }
}
