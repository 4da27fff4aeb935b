/**
 * Load of many switches on one controller: each keeps a window of packet-ins outstanding, in bytes written by hand, so
 * that no codec of ours measures itself. Runs as a process of its own; prints one JSON line.
 * Arguments: port, switches, window, seconds. A packet-in has a buffer id; the flow mod that carries it is the answer.
 */
import { connect, type Socket } from 'node:net';

export interface LoadResult {
  readonly answers: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly p50Us: number;
  readonly p99Us: number;
  /** Outstanding when the load stopped, and not answered within a second after. */
  readonly lost: number;
  /** Answers that the switch with the fewest got, over those that the mean one got. */
  readonly fairness: number;
}

const MACS = 256;
const PACKET_IN_BYTES = 102;
const FLOW_MOD = 14;
const BUFFER_ID_AT = 32;
const WARM_UP_MS = 1_000;
const DRAIN_MS = 1_000;
const SAMPLES_MAX = 1_000_000;

class FakeSwitch {
  answers = 0;
  outstanding = 0;
  private readonly socket: Socket;
  private rest: Buffer = Buffer.alloc(0);
  private readonly sentAt: Float64Array;
  private nextBuffer = 0;
  private learned = 0;
  private frames = 0;

  constructor(
    port: number,
    private readonly index: number,
    private readonly window: number,
    private readonly load: Load,
  ) {
    this.sentAt = new Float64Array(window);
    this.socket = connect({ host: '127.0.0.1', port, noDelay: true });
    this.socket.on('connect', () => this.socket.write(Buffer.from('0400000800000001', 'hex')));
    this.socket.on('data', (chunk) => this.receive(chunk));
    this.socket.on('error', (error) => {
      throw error;
    });
  }

  /** Fills the window. */
  fill(): void {
    const count = this.window - this.outstanding;
    if (count <= 0 || this.load.isOver) return;
    const bytes = Buffer.allocUnsafe(count * PACKET_IN_BYTES);
    const now = performance.now();
    for (let i = 0; i < count; i++) this.packetIn(bytes, i * PACKET_IN_BYTES, now);
    this.outstanding += count;
    this.socket.write(bytes);
  }

  /** Every frame comes from another address and goes to another one that is known already. */
  private packetIn(bytes: Buffer, at: number, now: number): void {
    const slot = this.nextBuffer % this.window;
    TEMPLATE.copy(bytes, at);
    bytes.writeUInt32BE(this.nextBuffer, at + 8);
    const from = this.frames % MACS;
    const to = (this.frames * 7 + 13) % MACS;
    this.frames += 1;
    bytes[at + 42 + 4] = this.index & 255;
    bytes[at + 42 + 5] = to;
    bytes[at + 48 + 4] = this.index & 255;
    bytes[at + 48 + 5] = from;
    // The same address always comes from the same port.
    bytes.writeUInt32BE(1 + (from & 3), at + 32);
    this.sentAt[slot] = now;
    this.nextBuffer = (this.nextBuffer + 1) % (this.window * 1024);
  }

  private receive(chunk: Buffer): void {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const now = performance.now();
    let at = 0;
    while (bytes.length - at >= 8) {
      const length = bytes.readUInt16BE(at + 2);
      if (bytes.length - at < length) break;
      this.message(bytes, at, now);
      at += length;
    }
    this.rest = at === bytes.length ? EMPTY : bytes.subarray(at);
    if (this.load.isStarted) this.fill();
  }

  private message(bytes: Buffer, at: number, now: number): void {
    const type = bytes[at + 1] ?? 0;
    if (type === FLOW_MOD) {
      const buffer = bytes.readUInt32BE(at + BUFFER_ID_AT);
      if (buffer === 0xffffffff || !this.load.isStarted) return;
      this.outstanding -= 1;
      this.answers += 1;
      this.load.answered(now - (this.sentAt[buffer % this.window] ?? now));
    } else if (type === 2) this.reply(bytes, at, 3, Buffer.alloc(0));
    else if (type === 5) this.reply(bytes, at, 6, featuresBody(this.index));
    else if (type === 7) this.reply(bytes, at, 8, Buffer.from('0000ffff', 'hex'));
    else if (type === 18)
      this.reply(bytes, at, 19, Buffer.concat([bytes.subarray(at + 8, at + 10), Buffer.alloc(6)]));
    else if (type === 20) {
      this.reply(bytes, at, 21, Buffer.alloc(0));
    }
    if (type === 5) this.load.greeted();
  }

  /** Lets every address be seen once, so that from then on every destination is known. */
  teach(): void {
    const bytes = Buffer.alloc(MACS * PACKET_IN_BYTES);
    for (; this.learned < MACS; this.learned++) {
      const at = this.learned * PACKET_IN_BYTES;
      TEMPLATE.copy(bytes, at);
      bytes.writeUInt32BE(0xffffffff, at + 8);
      bytes.writeUInt32BE(1 + (this.learned & 3), at + 32);
      bytes.fill(255, at + 42, at + 48);
      bytes[at + 48 + 4] = this.index & 255;
      bytes[at + 48 + 5] = this.learned;
    }
    this.socket.write(bytes);
  }

  end(): void {
    this.socket.destroy();
  }

  private reply(bytes: Buffer, at: number, type: number, body: Buffer): void {
    const header = Buffer.from([4, type, 0, 0, ...bytes.subarray(at + 4, at + 8)]);
    header.writeUInt16BE(8 + body.length, 2);
    this.socket.write(Buffer.concat([header, body]));
  }
}

const EMPTY: Buffer = Buffer.alloc(0);

/** version, type, length, xid; buffer, total 60, reason, table, cookie; match with in_port; 60 bytes of a frame. */
const TEMPLATE = Buffer.from(
  [
    '040a006600000000',
    '00000000003c00000000000000000000',
    '0001000c800000040000000100000000',
    '0000',
    '0200000000000200000000000800',
    '00'.repeat(46),
  ].join(''),
  'hex',
);

function featuresBody(index: number): Buffer {
  const body = Buffer.alloc(24);
  body.writeUInt32BE(index + 1, 4);
  body.writeUInt32BE(256, 8);
  body[12] = 254;
  body.writeUInt32BE(0x4f, 16);
  return body;
}

class Load {
  isStarted = false;
  isOver = false;
  private readonly latencies = new Float32Array(SAMPLES_MAX);
  private samples = 0;
  private waiting: (() => void) | undefined;
  private greetings = 0;

  constructor(private readonly switches: number) {}

  answered(ms: number): void {
    if (this.samples < SAMPLES_MAX) this.latencies[this.samples++] = ms;
  }

  greeted(): void {
    this.greetings += 1;
    if (this.greetings === this.switches) this.waiting?.();
  }

  allGreeted(): Promise<void> {
    return new Promise((resolve) => {
      this.waiting = resolve;
      if (this.greetings >= this.switches) resolve();
    });
  }

  reset(): void {
    this.samples = 0;
  }

  quantileUs(share: number): number {
    const sorted = this.latencies.slice(0, this.samples).sort();
    return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN) * 1000;
  }
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function run(port: number, count: number, window: number, seconds: number): Promise<LoadResult> {
  const load = new Load(count);
  const switches = Array.from({ length: count }, (_, index) => new FakeSwitch(port, index, window, load));
  await load.allGreeted();
  for (const one of switches) one.teach();
  await sleep(WARM_UP_MS);
  load.isStarted = true;
  for (const one of switches) one.fill();
  await sleep(WARM_UP_MS);
  load.reset();
  const before = switches.map((one) => one.answers);
  const start = performance.now();
  await sleep(seconds * 1000);
  const elapsed = (performance.now() - start) / 1000;
  const each = switches.map((one, index) => one.answers - (before[index] ?? 0));
  load.isOver = true;
  const [p50Us, p99Us] = [load.quantileUs(0.5), load.quantileUs(0.99)];
  await sleep(DRAIN_MS);
  const answers = each.reduce((sum, one) => sum + one, 0);
  const lost = switches.reduce((sum, one) => sum + one.outstanding, 0);
  for (const one of switches) one.end();
  const fairness = answers === 0 ? 0 : Math.min(...each) / (answers / count);
  return { answers, seconds: elapsed, perSecond: answers / elapsed, p50Us, p99Us, lost, fairness };
}

const [port = 0, switches = 1, window = 1, seconds = 3] = process.argv.slice(2).map(Number);
console.log(JSON.stringify(await run(port, switches, window, seconds)));
