/** Says when a device took frames from the guest behind it, by looking at the kernel's counter all the time. */
import { readFileSync } from 'node:fs';
import { emit, endWithParent, readOptions, SAMPLE_PERIOD_MS } from './entry.ts';
import { monotonicMs } from './sample.ts';

export interface PortWatchOptions {
  /** Any process in the device's namespace. */
  readonly pid: number;
  readonly device: string;
}

const PERIOD_MS = 1;
/** `NAME: bytes packets ...` of what came in, which at a tap is what its guest sent. */
const PACKETS_FIELD = 2;

const { pid, device } = readOptions<PortWatchOptions>();
const path = `/proc/${pid}/net/dev`;
let seen = -1;
let changes: [atMs: number, frames: number][] = [];

emit({ kind: 'ready' });
endWithParent();
setInterval(() => {
  const frames = framesOf(readFileSync(path, 'utf8'));
  if (frames === seen) return;
  seen = frames;
  changes.push([monotonicMs(), frames]);
}, PERIOD_MS);
setInterval(() => {
  if (changes.length > 0) emit({ kind: 'frames', changes });
  changes = [];
}, SAMPLE_PERIOD_MS);

/** -1: there is no such device now. */
function framesOf(text: string): number {
  const line = text.split('\n').find((one) => one.trimStart().startsWith(`${device}:`));
  return line === undefined ? -1 : Number(line.trim().split(/\s+/)[PACKETS_FIELD]);
}
