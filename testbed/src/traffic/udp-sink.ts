/** Receives numbered datagrams and says every 100 ms how many came and how many are missing. */
import { createSocket } from 'node:dgram';
import { emit, endWithParent, readOptions, sampleEvery } from './entry.ts';

export interface UdpSinkOptions {
  readonly ip: string;
  /** 0: any free port, reported. */
  readonly port: number;
}

/** Room for the bursts of a shaped link; the kernel caps it at its own limit. */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

const options = readOptions<UdpSinkOptions>();
const socket = createSocket({ type: 'udp4', recvBufferSize: RECEIVE_BUFFER_BYTES });
let highest = -1;
let highestBefore = -1;
let bytes = 0;
let packets = 0;

socket.on('message', (packet) => {
  if (packet.length < 8) return;
  highest = Math.max(highest, packet.readDoubleBE(0));
  bytes += packet.length;
  packets += 1;
});
socket.bind(options.port, options.ip, () => {
  emit({ kind: 'ready', port: socket.address().port });
  endWithParent();
  sampleEvery(() => {
    const counted = { bytes, packets, lost: highest - highestBefore - packets };
    highestBefore = highest;
    bytes = 0;
    packets = 0;
    return counted;
  });
});
