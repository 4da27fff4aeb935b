/** Sends numbered datagrams at a set payload rate. */
import { createSocket } from 'node:dgram';
import { emit, endWithParent, pace, readOptions } from './entry.ts';

export interface UdpSourceOptions {
  readonly ip: string;
  readonly port: number;
  readonly rateBitsPerSec: number;
  readonly payloadBytes: number;
}

const options = readOptions<UdpSourceOptions>();
const socket = createSocket('udp4');
let seq = 0;

socket.on('error', () => undefined);
socket.connect(options.port, options.ip, () => {
  emit({ kind: 'ready' });
  endWithParent();
  pace(options.rateBitsPerSec, (allowed) => {
    const count = Math.floor(allowed / options.payloadBytes);
    for (let sent = 0; sent < count; sent += 1) sendOne();
    return count * options.payloadBytes;
  });
});

function sendOne(): void {
  const packet = Buffer.alloc(options.payloadBytes);
  packet.writeDoubleBE(seq, 0);
  seq += 1;
  socket.send(packet, () => undefined);
}
