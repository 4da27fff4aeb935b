/** Load of a network device per direction, as means between two readings of the kernel's byte counters. */
import { readFile } from 'node:fs/promises';
import { type BitsPerSec, bytes, elapsed, type Instant, type Millis, meanRate, ZERO } from '@sluice/units';

export interface ByteCounters {
  readonly rxBytes: number;
  readonly txBytes: number;
}

export interface NicLoad {
  readonly rx: BitsPerSec;
  readonly tx: BitsPerSec;
  /** Time between the two readings; 0 at the first one. */
  readonly interval: Millis;
}

const NO_LOAD: NicLoad = { rx: ZERO.rate, tx: ZERO.rate, interval: ZERO.millis };

/**
 * Counters of one device out of a file in the format of /proc/net/dev. That file follows the reader's namespace
 * (/proc/PID/net/dev the process's), which /sys/class/net does not when only the network namespace was entered.
 */
export async function readCounters(path: string, device: string): Promise<ByteCounters | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return parseCounters(text, device);
}

export function parseCounters(text: string, device: string): ByteCounters | undefined {
  const line = text.split('\n').find((candidate) => candidate.trimStart().startsWith(`${device}:`));
  if (line === undefined) return undefined;
  // Eight receive columns, then eight transmit columns; bytes come first in both.
  const columns = line
    .slice(line.indexOf(':') + 1)
    .trim()
    .split(/\s+/)
    .map(Number);
  const [rxBytes, txBytes] = [columns[0], columns[8]];
  if (rxBytes === undefined || txBytes === undefined) return undefined;
  return { rxBytes, txBytes };
}

/** Remembers the last reading; each `sample` is the mean since the one before. */
export class LoadMeter {
  readonly #read: () => Promise<ByteCounters | undefined>;
  readonly #now: () => Instant;
  #last: { readonly counters: ByteCounters; readonly at: Instant } | undefined;

  constructor(read: () => Promise<ByteCounters | undefined>, now: () => Instant) {
    this.#read = read;
    this.#now = now;
  }

  async sample(): Promise<NicLoad> {
    const counters = await this.#read();
    const at = this.#now();
    const before = this.#last;
    this.#last = counters && { counters, at };
    if (counters === undefined || before === undefined) return NO_LOAD;
    const rxBytes = counters.rxBytes - before.counters.rxBytes;
    const txBytes = counters.txBytes - before.counters.txBytes;
    if (rxBytes < 0 || txBytes < 0) return NO_LOAD; // Another device of the same name.
    const interval = elapsed(before.at, at);
    return { rx: meanRate(bytes(rxBytes), interval), tx: meanRate(bytes(txBytes), interval), interval };
  }
}
