/** Sends over one TCP connection, paced or as fast as it goes. */
import { connect } from 'node:net';
import { emit, endWithParent, readOptions } from './entry.ts';
import { writeForEver } from './tcp-writer.ts';

export interface TcpSourceOptions {
  readonly ip: string;
  readonly port: number;
  /** Payload rate; null: greedy. */
  readonly rateBitsPerSec: number | null;
}

const options = readOptions<TcpSourceOptions>();
const socket = connect({ host: options.ip, port: options.port, noDelay: true }, () => {
  emit({ kind: 'ready' });
  endWithParent();
  writeForEver(socket, options.rateBitsPerSec);
});
socket.on('error', (error) => {
  emit({ kind: 'failed', problem: error.message });
  process.exit(1);
});
