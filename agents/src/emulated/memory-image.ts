/**
 * The memory of an emulated VM: real bytes, a dirty bitmap for the migration and a checksum per page.
 * Invariant: `checksums[p]` is the CRC-32 of page p as it was last written, so a page that differs from it was damaged.
 */
import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { PAGE_BYTES } from '../config.ts';

/** Page records, on the control socket and on the wire: u32 page number (little-endian), then the page. */
export const PAGE_HEADER_BYTES = 4;
export const PAGE_RECORD_BYTES = PAGE_HEADER_BYTES + PAGE_BYTES;
/** Contents are cut out of this many random bytes, so pages differ and do not compress. */
const POOL_BYTES = 1024 * 1024;
/** Pages whose checksums are recomputed before the event loop gets its turn: about 4 ms. */
const VERIFY_SLICE_PAGES = 1024;

export class MemoryImage {
  readonly pageCount: number;
  readonly #bytes: Buffer;
  readonly #checksums: Uint32Array;
  #dirty: Uint8Array;
  /** Second record of writes, for the profile: window number (from 1) in which a page was last written. */
  readonly #lastWindow: Uint32Array;
  #window = 1;
  #pagesInWindow = 0;
  readonly #pool = randomBytes(POOL_BYTES);
  #writes = 0;

  constructor(memoryBytes: number) {
    this.pageCount = memoryBytes / PAGE_BYTES;
    this.#bytes = Buffer.alloc(memoryBytes);
    this.#checksums = new Uint32Array(this.pageCount).fill(crc32(Buffer.alloc(PAGE_BYTES)));
    this.#dirty = new Uint8Array(Math.ceil(this.pageCount / 8));
    this.#lastWindow = new Uint32Array(this.pageCount);
  }

  /** Gives every page contents of its own, as a booted system would have; counts as written by nobody. */
  fill(): void {
    for (let page = 0; page < this.pageCount; page += 1) this.#overwrite(page);
  }

  /** The guest writes one page: 4096 real bytes. */
  dirtyPage(page: number): void {
    this.#overwrite(page);
    this.#dirty[page >> 3] = (this.#dirty[page >> 3] ?? 0) | (1 << (page & 7));
    if (this.#lastWindow[page] === this.#window) return;
    this.#lastWindow[page] = this.#window;
    this.#pagesInWindow += 1;
  }

  /** Page records of these pages, in their present contents. */
  read(pages: Uint32Array): Buffer {
    const records = Buffer.allocUnsafe(pages.length * PAGE_RECORD_BYTES);
    let at = 0;
    for (const page of pages) {
      this.#check(page);
      records.writeUInt32LE(page, at);
      this.#bytes.copy(records, at + PAGE_HEADER_BYTES, page * PAGE_BYTES, (page + 1) * PAGE_BYTES);
      at += PAGE_RECORD_BYTES;
    }
    return records;
  }

  /** Takes arrived page records in; their checksums are computed from what arrived. Returns how many pages. */
  load(records: Buffer): number {
    if (records.length % PAGE_RECORD_BYTES !== 0) throw new RangeError('page records are cut off');
    for (let at = 0; at < records.length; at += PAGE_RECORD_BYTES) {
      const page = records.readUInt32LE(at);
      this.#check(page);
      const contents = records.subarray(at + PAGE_HEADER_BYTES, at + PAGE_RECORD_BYTES);
      contents.copy(this.#bytes, page * PAGE_BYTES);
      this.#checksums[page] = crc32(contents);
    }
    return records.length / PAGE_RECORD_BYTES;
  }

  /** Returns the pages written since the last call, one bit each (page p: byte p/8, bit p%8), and forgets them. */
  syncBitmap(): Buffer {
    const bitmap = Buffer.from(this.#dirty.buffer);
    this.#dirty = new Uint8Array(this.#dirty.length);
    return bitmap;
  }

  /** SHA-256 over the checksums: equal digests mean equal images. */
  digest(): string {
    const table = Buffer.from(this.#checksums.buffer);
    return createHash('sha256').update(table).digest('hex');
  }

  /** Recomputes every checksum from the bytes; returns how many pages do not have theirs. */
  async countDamagedPages(): Promise<number> {
    let damaged = 0;
    for (let page = 0; page < this.pageCount; page += 1) {
      if (crc32(this.#page(page)) !== this.#checksums[page]) damaged += 1;
      if (page % VERIFY_SLICE_PAGES === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    return damaged;
  }

  /** Closes a sampling window: distinct pages written in it, and in the last `windows` together. */
  closeWindow(windows: number): { readonly pagesInWindow: number; readonly pagesInWorkingSet: number } {
    const oldest = Math.max(1, this.#window - windows + 1);
    let pagesInWorkingSet = 0;
    for (const last of this.#lastWindow) if (last >= oldest) pagesInWorkingSet += 1;
    const pagesInWindow = this.#pagesInWindow;
    this.#window += 1;
    this.#pagesInWindow = 0;
    return { pagesInWindow, pagesInWorkingSet };
  }

  #overwrite(page: number): void {
    this.#writes = (this.#writes + 1) >>> 0;
    const from = (this.#writes * 64) % (POOL_BYTES - PAGE_BYTES);
    const contents = this.#page(page);
    this.#pool.copy(contents, 0, from, from + PAGE_BYTES);
    contents.writeUInt32LE(this.#writes, 0);
    contents.writeUInt32LE(page, 4);
    this.#checksums[page] = crc32(contents);
  }

  #page(page: number): Buffer {
    return this.#bytes.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES);
  }

  #check(page: number): void {
    if (page >= this.pageCount) throw new RangeError(`page ${page} of a VM with ${this.pageCount} pages`);
  }
}
