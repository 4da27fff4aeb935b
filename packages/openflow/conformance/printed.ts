/**
 * What ovs-ofctl prints for messages. `ofp-parse` prints a stream of messages; between two of ours stands an echo
 * request with a transaction id of its own, so that the texts can be told apart.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MARK_XID = 0x51ce_c0de;
/** ofp-parse prints an echo request without payload like this. */
const MARK = /^OFPT_ECHO_REQUEST \(OF1\.3\) \(xid=0x51cec0de\):.*\n/m;
const PRINT_MS_MAX = 60_000;
const OUTPUT_BYTES_MAX = 256 * 1024 * 1024;

/** One text for each message, without the last line break. */
export function printedTexts(messages: readonly Uint8Array[]): readonly string[] {
  if (messages.length === 0) return [];
  const mark = Buffer.alloc(8);
  mark.set([4, 2, 0, 8]);
  mark.writeUInt32BE(MARK_XID, 4);
  const folder = mkdtempSync(join(tmpdir(), 'oflib-print-'));
  try {
    const file = join(folder, 'messages');
    writeFileSync(file, Buffer.concat(messages.flatMap((bytes) => [bytes, mark])));
    const { stdout, stderr } = spawnSync('ovs-ofctl', ['ofp-parse', file], {
      encoding: 'utf8',
      timeout: PRINT_MS_MAX,
      maxBuffer: OUTPUT_BYTES_MAX,
    });
    const texts = stdout.split(new RegExp(MARK, 'gm')).slice(0, -1);
    if (texts.length !== messages.length)
      throw new Error(
        `ofp-parse printed ${texts.length} of ${messages.length} messages: ${stderr.slice(0, 200)}`,
      );
    return texts.map((text) => text.trimEnd());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
