/**
 * Entry of the service inside a VM: an application that somebody uses while the VM is migrated.
 * TCP: the client sends one line `{"rateBitsPerSec":N|null,"direction":"download"|"upload"}` and then receives, or
 * sends, a byte stream without end. UDP on the same port: echo, for a prober.
 */
import { createSocket } from 'node:dgram';
import { createServer, type Socket } from 'node:net';
import { bitsPerSec, instant } from '@sluice/units';
import { z } from 'zod';
import { childOptions, tellParent } from './child.ts';
import { TICK_MS, TokenBucket } from './token-bucket.ts';

const CHUNK_BYTES = 8192;
const REQUEST_BYTES_MAX = 1024;
const CONNECTIONS_MAX = 256;

const optionsSchema = z.strictObject({ port: z.number().int(), vmId: z.string() });
const requestSchema = z.strictObject({
  rateBitsPerSec: z.number().positive().nullable(),
  direction: z.enum(['download', 'upload']),
});

const { port } = optionsSchema.parse(childOptions());
const now = () => instant(performance.now());
const chunk = Buffer.alloc(CHUNK_BYTES, 'sluice ');

process.on('SIGINT', () => undefined); // Ends with its VM, not with the terminal.

const server = createServer(serveClient);
server.maxConnections = CONNECTIONS_MAX;
server.listen(port, () => {
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  const echo = createSocket('udp4', (message, from) => echo.send(message, from.port, from.address));
  echo.on('error', (error) => console.error('udp:', error.message));
  echo.bind(bound, () => void tellParent({ kind: 'ready', port: bound }));
});

function serveClient(socket: Socket): void {
  let line = '';
  socket.setNoDelay(true);
  socket.on('error', () => undefined); // `close` follows; a client may go at any time.
  socket.on('data', readRequest);

  function readRequest(data: Buffer): void {
    line += data.toString('utf8');
    const end = line.indexOf('\n');
    if (end === -1 && line.length <= REQUEST_BYTES_MAX) return;
    const request = requestSchema.safeParse(parse(line.slice(0, end)));
    if (!request.success) {
      socket.end(
        '{"error":"expected {\\"rateBitsPerSec\\":N|null,\\"direction\\":\\"download\\"|\\"upload\\"}"}\n',
      );
      return;
    }
    socket.off('data', readRequest);
    socket.resume();
    if (request.data.direction === 'download') stream(socket, request.data.rateBitsPerSec);
  }
}

function stream(socket: Socket, rateBitsPerSec: number | null): void {
  const bucket = new TokenBucket(rateBitsPerSec === null ? null : bitsPerSec(rateBitsPerSec), now);
  const pump = (): void => {
    while (!socket.destroyed && !socket.writableNeedDrain) {
      const waitMs = bucket.take(CHUNK_BYTES);
      if (waitMs > 0) {
        setTimeout(pump, Math.min(waitMs, TICK_MS));
        return;
      }
      socket.write(chunk);
    }
    if (!socket.destroyed) socket.once('drain', pump);
  };
  pump();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
