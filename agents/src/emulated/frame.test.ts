import { describe, expect, it } from 'vitest';
import { encodeFrame, FRAME_BYTES_MAX, FrameError, FrameParser } from './frame.ts';

describe('frames', () => {
  it('arrive whole however the stream is cut', () => {
    const body = Buffer.from([1, 2, 3, 4, 5]);
    const stream = Buffer.concat([encodeFrame({ op: 'a' }, body), encodeFrame({ op: 'b' })]);
    for (let size = 1; size <= stream.length; size += 1) {
      const parser = new FrameParser();
      const frames = [];
      for (let at = 0; at < stream.length; at += size)
        frames.push(...parser.push(stream.subarray(at, at + size)));
      expect(frames).toEqual([
        { message: { op: 'a' }, body },
        { message: { op: 'b' }, body: Buffer.alloc(0) },
      ]);
    }
  });

  it('beyond the limit are refused before they are stored', () => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(FRAME_BYTES_MAX + 1, 0);
    expect(() => new FrameParser().push(head)).toThrow(FrameError);
  });

  it('whose message is longer than the frame, or is no JSON, are refused', () => {
    const longer = Buffer.alloc(8);
    longer.writeUInt32BE(2, 0);
    longer.writeUInt32BE(3, 4);
    expect(() => new FrameParser().push(longer)).toThrow(FrameError);
    const damaged = encodeFrame({ op: 'a' });
    damaged[8] = 0x5b;
    expect(() => new FrameParser().push(damaged)).toThrow(FrameError);
  });
});
