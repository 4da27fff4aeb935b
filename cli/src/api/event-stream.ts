/** Server-sent events as an async sequence; only what the API uses: id, event, data, comments. */
export interface ServerEvent {
  readonly id: string | null;
  readonly event: string;
  readonly data: string;
}

/** Longest line that is taken; an event is a few hundred characters. */
const LINE_LENGTH_MAX = 1 << 20;

export async function* readEventStream(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  let fields: Record<string, string> = {};
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r?\n/);
    rest = lines.pop() ?? '';
    if (rest.length > LINE_LENGTH_MAX) throw new Error('the event stream has a line without end');
    for (const line of lines) {
      if (line !== '') {
        const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
        if (name !== '') fields = { ...fields, [name]: value };
        continue;
      }
      if (fields.data !== undefined)
        yield { id: fields.id ?? null, event: fields.event ?? 'message', data: fields.data };
      fields = {};
    }
  }
}
