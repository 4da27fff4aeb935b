/**
 * Answers that keep ovs-ofctl going, as bytes written by hand from the specifications: features with two ports,
 * empty tables and statistics, agreeing replies to bundles, roles and barriers. This library's codec is not used,
 * so that a fault in it cannot hide itself.
 */

const NICIRA = 0x2320;
const ONF = 0x4f4e4600;

/** The configuration before anybody set one: fragments as usual, 128 bytes of a miss. */
export const INITIAL_CONFIG = hex('0000 0080');

/** The reply to one message, or undefined when none is due; `config` is what the last SET_CONFIG said. */
export function cannedReply(request: Buffer, config: Buffer): Buffer | undefined {
  const version = request[0] ?? 0;
  const type = request[1] ?? 0;
  const body = request.subarray(8);
  const reply = (code: number, content: Buffer = Buffer.alloc(0)) => message(request, code, content);
  if (type === 0) return message(request, 0, Buffer.alloc(0));
  if (type === 2) return reply(3, body);
  if (type === 4) return experimenter(request);
  if (type === 5) return reply(6, features(version));
  if (type === 7) return reply(8, config);
  if (version === 1) {
    if (type === 16) return stats(request);
    if (type === 18) return reply(19);
    if (type === 20) return reply(21, Buffer.concat([body.subarray(0, 2), Buffer.alloc(6)]));
    return undefined;
  }
  if (type === 18) return stats(request);
  if (type === 20) return reply(21);
  if (type === 22 && version < 5) return reply(23, Buffer.concat([body.subarray(0, 4), Buffer.alloc(4)]));
  if (type === 24) return reply(25, body);
  if (type === 33 && version >= 5) return reply(33, bundleReply(body));
  return undefined;
}

function message(request: Buffer, type: number, body: Buffer): Buffer {
  const header = Buffer.from(request.subarray(0, 8));
  header.writeUInt8(type, 1);
  header.writeUInt16BE(8 + body.length, 2);
  return Buffer.concat([header, body]);
}

function hex(text: string): Buffer {
  return Buffer.from(text.replace(/\s+/g, ''), 'hex');
}

/** OFPT_FEATURES_REPLY: 256 buffers, 254 tables; the ports stand in it up to OpenFlow 1.2. */
function features(version: number): Buffer {
  const fixed = hex('00000000000000aa 00000100 fe 000000 000000ff');
  if (version === 1) return Buffer.concat([fixed, hex('00000fff'), ...ports(1)]);
  return Buffer.concat([fixed, hex('00000000'), ...(version <= 3 ? ports(version) : [])]);
}

function ports(version: number): Buffer[] {
  return [1, 2].map((number) => {
    const address = hex(`0200000000${number.toString(16).padStart(2, '0')}`);
    const name = Buffer.alloc(16);
    name.write(`p${number}`);
    const no = Buffer.alloc(4);
    no.writeUInt32BE(number);
    if (version === 1) return Buffer.concat([no.subarray(2), address, name, Buffer.alloc(24)]);
    const head = [no, hex('00000000'), address, hex('0000'), name, Buffer.alloc(8)];
    if (version <= 4) return Buffer.concat([...head, Buffer.alloc(24)]);
    const sized = [no, hex('0048 0000'), address, hex('0000'), name, Buffer.alloc(8)];
    return Buffer.concat([...sized, hex('0000 0020 00000000'), Buffer.alloc(24)]);
  });
}

/** The ports' description of OpenFlow 1.4 and 1.5: 40 bytes and one Ethernet property of 32. */
const MULTIPART_PORT_DESC = 13;

function stats(request: Buffer): Buffer {
  const version = request[0] ?? 0;
  const at = version === 1 ? 12 : 16;
  const kind = request.readUInt16BE(8);
  const head = Buffer.from(request.subarray(8, at));
  head.writeUInt16BE(0, 2);
  const content = kind === 0xffff ? vendorStats(request.subarray(at), version) : statsBody(kind, version);
  return message(request, version === 1 ? 17 : 19, Buffer.concat([head, content]));
}

function statsBody(kind: number, version: number): Buffer {
  if (kind === 0) return Buffer.alloc(1056);
  if (kind === 2) return version === 6 ? hex('0000 0004 00000000') : Buffer.alloc(24);
  if (kind === 8) return Buffer.alloc(40);
  if (kind === 11) return Buffer.alloc(16);
  if (kind === 12) return tableFeatures();
  if (kind === 14 && version >= 5) return hex('0008 00 00 00000000');
  if (kind === MULTIPART_PORT_DESC) return Buffer.concat(ports(version));
  return Buffer.alloc(0);
}

/** One table without name, with the eight properties that OpenFlow 1.3 requires, all empty. */
function tableFeatures(): Buffer {
  const properties = [0, 2, 4, 6, 8, 10, 12, 14].map((type) => Uint8Array.of(0, type, 0, 4, 0, 0, 0, 0));
  return Buffer.concat([hex('0080 00'), Buffer.alloc(61), ...properties]);
}

/** Nicira's statistics: flows and monitors may be empty, aggregates, group features and IPFIX have a fixed part. */
function vendorStats(body: Buffer, version: number): Buffer {
  const head = body.subarray(0, version === 1 ? 12 : 8);
  if (head.readUInt32BE(0) !== NICIRA) return head;
  const kind = head.readUInt32BE(4);
  return Buffer.concat([head, Buffer.alloc(NICIRA_STATS_BYTES.get(kind) ?? 0)]);
}

/** NXST_AGGREGATE, NXST_IPFIX_BRIDGE, NXST_GROUP_FEATURES. */
const NICIRA_STATS_BYTES: ReadonlyMap<number, number> = new Map([
  [1, 24],
  [3, 72],
  [9, 40],
]);

function experimenter(request: Buffer): Buffer | undefined {
  const vendor = request.readUInt32BE(8);
  const kind = request.readUInt32BE(12);
  const rest = request.subarray(16);
  const answer = (replyKind: number, content: Buffer) => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(vendor, 0);
    head.writeUInt32BE(replyKind, 4);
    return message(request, 4, Buffer.concat([head, content]));
  };
  if (vendor === ONF && kind === 2300) return answer(2300, bundleReply(rest));
  if (vendor !== NICIRA) return undefined;
  if (kind === 10) return answer(11, rest);
  if (kind === 25) return answer(26, Buffer.concat([hex('00000100 0040'), Buffer.alloc(10)]));
  if (kind === 21) return answer(22, Buffer.alloc(0));
  return undefined;
}

/** A bundle control request asks with an even type; its reply has the next one. */
function bundleReply(body: Buffer): Buffer {
  const reply = Buffer.from(body);
  reply.writeUInt16BE(body.readUInt16BE(4) + 1, 4);
  return reply;
}
