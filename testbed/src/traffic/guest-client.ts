/**
 * A client of the service inside a VM: connects, asks for a paced stream in one line of JSON, and says every 100 ms
 * what came (download) or what the VM's side took (upload). The connection is one and the same for the whole time: a
 * migration that broke it would show as `failed`.
 */
import { connect } from 'node:net';
import { emit, endWithParent, readOptions, sampleEvery } from './entry.ts';
import { writeForEver } from './tcp-writer.ts';

export interface GuestClientOptions {
  readonly ip: string;
  readonly port: number;
  readonly rateBitsPerSec: number | null;
  readonly direction: 'download' | 'upload';
}

/** The service may still be starting when its client comes. */
const CONNECT_ATTEMPTS_MAX = 50;
const CONNECT_RETRY_MS = 200;

const options = readOptions<GuestClientOptions>();
endWithParent();
attempt(1);

function attempt(count: number): void {
  let connected = false;
  let bytes = 0;
  let packets = 0;
  let writtenBefore = 0;
  const socket = connect({ host: options.ip, port: options.port, noDelay: true }, () => {
    connected = true;
    socket.write(
      `${JSON.stringify({ rateBitsPerSec: options.rateBitsPerSec, direction: options.direction })}\n`,
    );
    emit({ kind: 'ready', port: options.port });
    if (options.direction === 'upload') writeForEver(socket, options.rateBitsPerSec);
    sampleEvery(() => {
      const written = socket.bytesWritten - socket.writableLength;
      const moved = options.direction === 'upload' ? written - writtenBefore : bytes;
      const counted = { bytes: moved, packets, lost: 0 };
      writtenBefore = written;
      bytes = 0;
      packets = 0;
      return counted;
    });
  });
  socket.on('data', (chunk) => {
    bytes += chunk.length;
    packets += 1;
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    if (!connected && count < CONNECT_ATTEMPTS_MAX) {
      setTimeout(() => attempt(count + 1), CONNECT_RETRY_MS);
      return;
    }
    emit({
      kind: 'failed',
      problem: connected ? 'the connection to the guest broke' : 'the guest does not answer',
    });
    process.exit(1);
  });
}
