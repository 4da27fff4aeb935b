import { describe, expect, it } from 'vitest';
import { MemoryImage, PAGE_RECORD_BYTES } from './memory-image.ts';
import { allPages, pagesOf, union } from './page-set.ts';

const PAGES = 20;
const filled = (): MemoryImage => {
  const image = new MemoryImage(PAGES * 4096);
  image.fill();
  return image;
};

describe('a memory image', () => {
  it('reports each written page once, then forgets it', () => {
    const image = filled();
    for (const page of [3, 9, 3, 19]) image.dirtyPage(page);
    expect([...pagesOf(image.syncBitmap())]).toEqual([3, 9, 19]);
    expect([...pagesOf(image.syncBitmap())]).toEqual([]);
  });

  it('that was copied page by page has the same digest and no damaged page', async () => {
    const source = filled();
    const copy = new MemoryImage(PAGES * 4096);
    expect(copy.digest()).not.toBe(source.digest());
    expect(copy.load(source.read(allPages(PAGES)))).toBe(PAGES);
    source.dirtyPage(7);
    expect(copy.digest()).not.toBe(source.digest());
    copy.load(source.read(pagesOf(source.syncBitmap())));
    expect(copy.digest()).toBe(source.digest());
    expect(await copy.countDamagedPages()).toBe(0);
  });

  it('has another digest when one bit was damaged on the way', () => {
    const source = filled();
    const copy = new MemoryImage(PAGES * 4096);
    const records = source.read(allPages(PAGES));
    records[5 * PAGE_RECORD_BYTES + 100] = (records[5 * PAGE_RECORD_BYTES + 100] ?? 0) ^ 1;
    copy.load(records);
    expect(copy.digest()).not.toBe(source.digest());
  });

  it('refuses pages that it does not have and records that are cut off', () => {
    const image = filled();
    expect(() => image.read(Uint32Array.of(PAGES))).toThrow(RangeError);
    const record = image.read(Uint32Array.of(0));
    expect(() => image.load(record.subarray(1))).toThrow(RangeError);
    record.writeUInt32LE(PAGES, 0);
    expect(() => image.load(record)).toThrow(RangeError);
  });

  it('counts distinct pages per window and over several, whatever the migration reads', () => {
    const image = filled();
    for (const page of [1, 2, 2]) image.dirtyPage(page);
    image.syncBitmap();
    expect(image.closeWindow(2)).toEqual({ pagesInWindow: 2, pagesInWorkingSet: 2 });
    for (const page of [2, 3, 4]) image.dirtyPage(page);
    expect(image.closeWindow(2)).toEqual({ pagesInWindow: 3, pagesInWorkingSet: 4 });
    expect(image.closeWindow(2)).toEqual({ pagesInWindow: 0, pagesInWorkingSet: 3 });
  });

  it('is united from two bitmaps', () => {
    const image = filled();
    image.dirtyPage(1);
    const first = image.syncBitmap();
    image.dirtyPage(12);
    expect([...pagesOf(union(first, image.syncBitmap()))]).toEqual([1, 12]);
  });
});
