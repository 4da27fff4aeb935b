/** Sends a small datagram every few milliseconds to an echo service and says when each answer came. */
import { createSocket } from 'node:dgram';
import { emit, endWithParent, readOptions, SAMPLE_PERIOD_MS } from './entry.ts';
import { monotonicMs } from './sample.ts';

export interface EchoProberOptions {
  readonly ip: string;
  readonly port: number;
  readonly periodMs: number;
}

/** Number and send time travel in the packet, so nothing has to be remembered here. */
const PROBE_BYTES = 16;

const options = readOptions<EchoProberOptions>();
const socket = createSocket('udp4');
let seq = 0;
let answers: number[][] = [];

socket.on('error', () => undefined);
socket.on('message', (packet) => {
  if (packet.length < PROBE_BYTES) return;
  answers.push([packet.readDoubleBE(0), packet.readDoubleBE(8), monotonicMs()]);
});
socket.bind(0, () => {
  emit({ kind: 'ready' });
  endWithParent();
  const startMs = monotonicMs();
  sendAt(startMs);
  setInterval(() => {
    emit({ kind: 'echoes', atMs: monotonicMs(), sent: seq, answers });
    answers = [];
  }, SAMPLE_PERIOD_MS);
});

/** Each probe has its own due time, so that a late timer does not shift the ones after it. */
function sendAt(dueMs: number): void {
  setTimeout(
    () => {
      const packet = Buffer.alloc(PROBE_BYTES);
      packet.writeDoubleBE(seq, 0);
      packet.writeDoubleBE(monotonicMs(), 8);
      seq += 1;
      socket.send(packet, options.port, options.ip, () => undefined);
      sendAt(Math.max(dueMs + options.periodMs, monotonicMs() - options.periodMs));
    },
    Math.max(0, dueMs - monotonicMs()),
  );
}
