/** Sends every datagram back to where it came from. */
import { createSocket } from 'node:dgram';
import { emit, endWithParent, readOptions } from './entry.ts';

export interface EchoResponderOptions {
  readonly ip: string;
  /** 0: any free port, reported. */
  readonly port: number;
}

const options = readOptions<EchoResponderOptions>();
const socket = createSocket('udp4');

socket.on('error', () => undefined);
socket.on('message', (packet, from) => socket.send(packet, from.port, from.address, () => undefined));
socket.bind(options.port, options.ip, () => {
  emit({ kind: 'ready', port: socket.address().port });
  endWithParent();
});
