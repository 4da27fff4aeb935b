/** `oflib decode --lines`: a filter from messages in hexadecimal text to JSON, line by line. */
import { parseArgs } from 'node:util';
import { decodeLine } from './decode-line.ts';
import { type Io, UsageError } from './io.ts';
import { LineSplitter } from './line-splitter.ts';

/** Answers are written in pieces of about so many characters. */
const PIECE_CHARS = 65_536;

export const decode = {
  usage: '--lines < MESSAGES',
  summary: 'decode messages, one in hexadecimal a line, to one line of JSON each',
  help: [
    'Reads one message a line from standard input, in hexadecimal, and writes one line of JSON for each, in order:',
    '  {"ok":true,"version":4,"type":"flow_mod","message":{...},"reencoded":"..."}',
    '  {"ok":false,"error":{"type":1,"code":6,"offset":0,"path":"header","message":"..."}}',
    '"version" is the number on the wire. "reencoded" is what the library makes of the decoded message. "type" and',
    '"code" are those of the OFPT_ERROR that answers the message. Numbers of 64 bits are decimal text, bytes are',
    'hexadecimal text. The exit code is 0 also when messages were refused.',
  ].join('\n'),
  run: async (args: readonly string[], io: Io): Promise<void> => {
    const { values } = parseArgs({ args: [...args], options: { lines: { type: 'boolean' } } });
    if (values.lines !== true) throw new UsageError('decode needs --lines');
    let piece = '';
    const lines = new LineSplitter((line) => {
      piece += `${decodeLine(line)}\n`;
    });
    for await (const chunk of io.stdin) {
      // A chunk of many small messages makes more text than it has, so it is taken in parts.
      for (let at = 0; at < chunk.length; at += PIECE_CHARS) {
        lines.push(chunk.slice(at, at + PIECE_CHARS));
        await io.write(piece);
        piece = '';
      }
    }
    lines.end();
    await io.write(piece);
  },
};
