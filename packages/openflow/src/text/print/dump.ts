/** Bytes sixteen a line, as `hexdump -C` shows them. */
export function hexDump(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += ROW) lines.push(row(bytes.subarray(at, at + ROW), at));
  return lines.join('\n');
}

const ROW = 16;

function row(bytes: Uint8Array, at: number): string {
  const cells = Array.from({ length: ROW }, (_, i) => {
    const byte = bytes[i];
    const text = byte === undefined ? '  ' : byte.toString(16).padStart(2, '0');
    return i === ROW / 2 - 1 && bytes.length > i ? `${text}-` : `${text} `;
  });
  const text = Array.from(bytes, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.'));
  return `${at.toString(16).padStart(8, '0')}  ${cells.join('')}|${text.join('').padEnd(ROW)}|`;
}
