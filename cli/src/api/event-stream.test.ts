import { describe, expect, it } from 'vitest';
import { readEventStream, type ServerEvent } from './event-stream.ts';

async function eventsOf(...chunks: string[]): Promise<ServerEvent[]> {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
      controller.close();
    },
  });
  const events: ServerEvent[] = [];
  for await (const event of readEventStream(body)) events.push(event);
  return events;
}

describe('server-sent events', () => {
  it('come out whole however they were cut', async () => {
    const text =
      ': hello\n\nid: 5-0\nevent: rate_changed\ndata: {"a": "b: c"}\n\nevent: overflow\ndata: {}\n\n';
    const expected = [
      { id: '5-0', event: 'rate_changed', data: '{"a": "b: c"}' },
      { id: null, event: 'overflow', data: '{}' },
    ];
    expect(await eventsOf(text)).toEqual(expected);
    expect(await eventsOf(...text)).toEqual(expected);
    expect(await eventsOf(text.replaceAll('\n', '\r\n'))).toEqual(expected);
  });

  it('do not come out half', async () => {
    expect(await eventsOf('event: x\ndata: {"a"')).toEqual([]);
  });
});
