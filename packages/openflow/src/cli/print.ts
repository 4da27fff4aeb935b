/** `oflib print`: messages in the wording of ovs-ofctl. */
import { parseArgs } from 'node:util';
import { decodeMessage } from '../codec.ts';
import { ProtocolError } from '../runtime/protocol-error.ts';
import { formatMessage } from '../text/index.ts';
import { versionOf } from '../versions.ts';
import { CommandFailure, type Io, UsageError } from './io.ts';
import { fromHex } from './json.ts';
import { LineSplitter } from './line-splitter.ts';

export const print = {
  usage: 'HEX... | -',
  summary: 'print messages in the wording of ovs-ofctl',
  help: 'Prints each message, given in hexadecimal. With -, reads one message a line from standard input.',
  run: async (args: readonly string[], io: Io): Promise<void> => {
    const { positionals } = parseArgs({ args: [...args], allowPositionals: true });
    if (positionals.length === 0) throw new UsageError('print needs a message');
    const wrong: string[] = [];
    for (const given of positionals) {
      if (given === '-') await eachLine(io, (hex) => io.write(textOf(hex, wrong)));
      else await io.write(textOf(given, wrong));
    }
    if (wrong.length > 0) throw new CommandFailure(wrong.join('\n'));
  },
};

async function eachLine(io: Io, take: (line: string) => Promise<void> | undefined): Promise<void> {
  const waiting: string[] = [];
  const lines = new LineSplitter((line) => waiting.push(line ?? ''));
  for await (const chunk of io.stdin) {
    lines.push(chunk);
    for (const line of waiting.splice(0)) await take(line);
  }
  lines.end();
  for (const line of waiting) await take(line);
}

function textOf(hex: string, wrong: string[]): string {
  const bytes = fromHex(hex.trim());
  if (typeof bytes === 'number') {
    wrong.push(`not hexadecimal text (character ${bytes}): ${hex.slice(0, 60)}`);
    return '';
  }
  try {
    const { message, version, xid } = decodeMessage(bytes);
    return `${formatMessage(message, { version: versionOf(version) ?? '1.3', xid })}\n`;
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    wrong.push(error.message);
    return '';
  }
}

/** One message in the wording of ovs-ofctl. Throws ProtocolError. */
export function messageText(bytes: Uint8Array): string {
  const { version, xid, message } = decodeMessage(bytes);
  const name = versionOf(version);
  return formatMessage(message, name === undefined ? { xid } : { version: name, xid });
}
