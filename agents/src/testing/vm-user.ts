/**
 * Entry for tests: somebody who uses a VM. Keeps one TCP download open and sends a datagram every 5 ms; when its
 * input ends, prints what it saw as JSON: echoes, the longest time without one, bytes of the download per half.
 */
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';

const PROBE_PERIOD_MS = 5;
const [ip = '', port = ''] = process.argv.slice(-2);

const seen = { echoes: 0, longestGapMs: 0, tcpBytes: 0, tcpEnded: false };
let lastEchoAt: number | undefined;

const probe = createSocket('udp4', () => {
  const now = performance.now();
  if (lastEchoAt !== undefined) seen.longestGapMs = Math.max(seen.longestGapMs, now - lastEchoAt);
  else console.log('reached');
  lastEchoAt = now;
  seen.echoes += 1;
});
setInterval(() => probe.send('?', Number(port), ip, () => undefined), PROBE_PERIOD_MS);

const download = connect(Number(port), ip);
download.write('{"rateBitsPerSec":2000000,"direction":"download"}\n');
download.on('data', (chunk) => {
  seen.tcpBytes += chunk.length;
});
download.on('close', () => {
  seen.tcpEnded = true;
});
download.on('error', () => undefined); // `close` follows.

process.stdin.on('data', () => console.log(JSON.stringify(seen)));
process.stdin.on('end', () => process.exit(0));
