/** Accepts TCP connections and says every 100 ms how many payload bytes came. */
import { createServer } from 'node:net';
import { emit, endWithParent, readOptions, sampleEvery } from './entry.ts';

export interface TcpSinkOptions {
  readonly ip: string;
  /** 0: any free port, reported. */
  readonly port: number;
}

const options = readOptions<TcpSinkOptions>();
let bytes = 0;
let packets = 0;

const server = createServer((socket) => {
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    bytes += chunk.length;
    packets += 1;
  });
});
server.listen(options.port, options.ip, () => {
  const address = server.address();
  emit({
    kind: 'ready',
    port: typeof address === 'object' && address !== null ? address.port : options.port,
  });
  endWithParent();
  sampleEvery(() => {
    const counted = { bytes, packets, lost: 0 };
    bytes = 0;
    packets = 0;
    return counted;
  });
});
