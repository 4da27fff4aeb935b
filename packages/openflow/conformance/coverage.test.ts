/** Which messages of which version the corpus has; the table names what is missing. */
import { describe, expect, it } from 'vitest';
import { type CorpusMessage, corpus } from './corpus.ts';
import { kindKey, messageKinds } from './message-kinds.ts';
import { WIRE_VERSIONS, type WireVersion } from './ovs-ofctl.ts';
import { mustSkipWithoutOpenVswitch } from './skipped.ts';

const BUILD_MS_MAX = 240_000;

describe.skipIf(mustSkipWithoutOpenVswitch('the coverage of the corpus'))('the corpus', () => {
  it(
    'has every message and every multipart of every version',
    async () => {
      const { messages } = await corpus();
      const missing = WIRE_VERSIONS.map((version) => ({ version, kinds: missingIn(version, messages) }));
      console.log(table(messages));
      expect(missing.filter(({ kinds }) => kinds.length > 0)).toEqual([]);
    },
    BUILD_MS_MAX,
  );
});

function missingIn(version: WireVersion, messages: readonly CorpusMessage[]): readonly string[] {
  const seen = new Set(
    messages.filter((one) => one.version === version).map(({ hex }) => kindKey(Buffer.from(hex, 'hex'))),
  );
  return [...messageKinds(version)].filter(([key]) => !seen.has(key)).map(([, name]) => name);
}

function table(messages: readonly CorpusMessage[]): string {
  const sources = [...new Set(messages.map(({ source }) => source))];
  const row = (cells: readonly string[]) => cells.map((cell) => cell.padStart(13)).join('');
  const lines = WIRE_VERSIONS.map((version) => {
    const mine = messages.filter((one) => one.version === version);
    const counts = sources.map((source) => String(mine.filter((one) => one.source === source).length));
    const kinds = messageKinds(version).size - missingIn(version, messages).length;
    return row([String(version), ...counts, `${kinds}/${messageKinds(version).size}`]);
  });
  return [row(['wire version', ...sources, 'kinds']), ...lines].join('\n');
}
