/** The floor: the same learning switch in bytes written by hand, without any library. Prints the port it listens on. */
import { createServer } from 'node:net';

const FLOW_MOD_BYTES = 112;

/** A flow mod with in_port, eth_dst, eth_src and one output; what varies is patched in. */
const FLOW_MOD = Buffer.alloc(FLOW_MOD_BYTES);
FLOW_MOD.writeUInt32BE(0x040e0070, 0);
FLOW_MOD.writeUInt16BE(60, 26);
FLOW_MOD.writeUInt16BE(0x8000, 30);
FLOW_MOD.writeUInt32BE(0xffffffff, 36);
FLOW_MOD.writeUInt32BE(0xffffffff, 40);
FLOW_MOD.writeUInt32BE(0x00010020, 48);
FLOW_MOD.writeUInt32BE(0x80000004, 52);
FLOW_MOD.writeUInt32BE(0x80000606, 60);
FLOW_MOD.writeUInt32BE(0x80000806, 70);
FLOW_MOD.writeUInt32BE(0x00040018, 80);
FLOW_MOD.writeUInt32BE(0x00000010, 88);
FLOW_MOD.writeUInt16BE(0xffff, 96);

const server = createServer({ noDelay: true }, (socket) => {
  const portOf = new Map<number, number>();
  let rest: Buffer = Buffer.alloc(0);
  let out = Buffer.allocUnsafe(64 * 1024);
  let length = 0;
  let xid = 1;
  socket.write(Buffer.from('0400000800000001', 'hex'));
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 0;
    while (bytes.length - at >= 8) {
      const size = view.getUint16(at + 2);
      if (bytes.length - at < size) break;
      const type = view.getUint8(at + 1);
      if (type === 0) socket.write(Buffer.from('0405000800000002', 'hex'));
      else if (type === 10) answer(view, at);
      at += size;
    }
    rest = bytes.subarray(at);
    if (length > 0) {
      socket.write(out.subarray(0, length));
      out = Buffer.allocUnsafe(64 * 1024);
      length = 0;
    }
  });

  function answer(view: DataView, at: number): void {
    const inPort = view.getUint32(at + 32);
    const dst = view.getUint32(at + 42) * 65536 + view.getUint16(at + 46);
    const src = view.getUint32(at + 48) * 65536 + view.getUint16(at + 52);
    portOf.set(src, inPort);
    const port = portOf.get(dst);
    if (port === undefined) return;
    if (length + FLOW_MOD_BYTES > out.length) {
      socket.write(out.subarray(0, length));
      out = Buffer.allocUnsafe(64 * 1024);
      length = 0;
    }
    FLOW_MOD.copy(out, length);
    const mod = new DataView(out.buffer, out.byteOffset + length, FLOW_MOD_BYTES);
    mod.setUint32(4, xid++);
    mod.setUint32(32, view.getUint32(at + 8));
    mod.setUint32(56, inPort);
    mod.setUint32(64, view.getUint32(at + 42));
    mod.setUint16(68, view.getUint16(at + 46));
    mod.setUint32(74, view.getUint32(at + 48));
    mod.setUint16(78, view.getUint16(at + 52));
    mod.setUint32(92, port);
    length += FLOW_MOD_BYTES;
  }
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address !== 'string') console.log(address.port);
});
