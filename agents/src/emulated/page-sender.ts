/** Sends one set of pages at the cap: reads ahead from the VM process, so that the wire never waits for it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { BitsPerSec } from '@sluice/units';
import { PAGE_RECORD_BYTES } from './memory-image.ts';
import type { MigrationLink } from './migration-link.ts';
import type { TokenBucket } from './token-bucket.ts';
import type { VmClient } from './vm-client.ts';

const READ_PAGES = 128;
/** Read requests under way: the VM process answers one while we send another. */
const READS_AHEAD = 3;
const FRAME_PAGES_MAX = 16;
/** A frame is about this long at the cap, so that pacing stays smooth at low rates. */
const FRAME_MS = 2.5;
/** Frame header and `{"op":"pages"}`. */
export const FRAME_OVERHEAD_BYTES = 8 + 14;

interface Options {
  readonly vm: VmClient;
  readonly link: MigrationLink;
  readonly bucket: TokenBucket;
  readonly pages: Uint32Array;
}

/** Resolves to the payload bytes sent, page and frame headers included. */
export async function sendPages({ vm, link, bucket, pages }: Options): Promise<number> {
  let sentBytes = 0;
  for await (const records of readAhead(vm, pages)) {
    for (let at = 0; at < records.length; ) {
      const end = Math.min(records.length, at + framePages(bucket.rate) * PAGE_RECORD_BYTES);
      const body = records.subarray(at, end);
      for (let waitMs = 1; waitMs > 0; ) {
        link.throwIfFailed();
        waitMs = bucket.take(body.length + FRAME_OVERHEAD_BYTES);
        if (waitMs > 0) await sleep(waitMs);
      }
      sentBytes += await link.send({ op: 'pages' }, body);
      at = end;
    }
  }
  return sentBytes;
}

export function framePages(rate: BitsPerSec | null): number {
  if (rate === null) return FRAME_PAGES_MAX;
  const fitting = Math.floor((rate * FRAME_MS) / 8000 / PAGE_RECORD_BYTES);
  return Math.min(FRAME_PAGES_MAX, Math.max(1, fitting));
}

async function* readAhead(vm: VmClient, pages: Uint32Array): AsyncGenerator<Buffer> {
  const reads: Promise<Buffer>[] = [];
  let next = 0;
  const begin = (): void => {
    if (next >= pages.length) return;
    const read = vm.readPages(pages.subarray(next, next + READ_PAGES));
    read.catch(() => undefined); // Awaited below, or given up together with the migration.
    reads.push(read);
    next += READ_PAGES;
  };
  for (let count = 0; count < READS_AHEAD; count += 1) begin();
  for (let read = reads.shift(); read !== undefined; read = reads.shift()) {
    begin();
    yield await read;
  }
}
