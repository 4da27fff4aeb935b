/** Serves a VM's control socket: requests of a connection are answered in order, connections are independent. */
import { createServer, type Server, type Socket } from 'node:net';
import { encodeFrame, type Frame, FrameParser } from './frame.ts';
import type { VmMachine } from './vm-machine.ts';
import { type VmRequest, vmRequestSchema } from './vm-protocol.ts';

export interface VmServerEvents {
  /** The copy became the VM of this host. */
  readonly activated: () => Promise<void>;
  readonly quit: () => void;
  /** The connection that fed an incoming copy is gone. */
  readonly feederLeft: () => void;
}

export function serveVm(machine: VmMachine, socketPath: string, events: VmServerEvents): Promise<Server> {
  const server = createServer((socket) => serveConnection(machine, socket, events));
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, () => resolve(server));
  });
}

function serveConnection(machine: VmMachine, socket: Socket, events: VmServerEvents): void {
  const parser = new FrameParser();
  // Whoever connects to an incoming copy feeds it: the copy does not outlive that connection.
  const held = { pause: false, throttle: false, feeds: machine.status.state === 'incoming' };
  let queue: Promise<void> = Promise.resolve();

  socket.on('data', (chunk) => {
    let frames: Frame[];
    try {
      frames = parser.push(chunk);
    } catch {
      socket.destroy();
      return;
    }
    for (const frame of frames) queue = queue.then(() => answerFrame(frame));
  });
  socket.on('error', () => undefined); // `close` follows and says the same.
  socket.on('close', () => {
    queue = queue.then(async () => {
      if (held.feeds && machine.status.state === 'incoming') events.feederLeft();
      if (held.throttle) machine.throttle(0);
      if (held.pause && machine.status.state === 'paused' && !machine.status.handedOver)
        await machine.resume().catch((error) => console.error('cannot resume by itself:', error));
    });
  });

  async function answerFrame(frame: Frame): Promise<void> {
    const parsed = vmRequestSchema.safeParse(frame.message);
    if (!parsed.success) {
      socket.destroy();
      return;
    }
    const { id } = parsed.data;
    try {
      const { message, body } = await answer(machine, parsed.data, frame.body, held);
      if (parsed.data.op === 'activate') await events.activated();
      socket.write(encodeFrame({ id, ...message }, body));
    } catch (error) {
      socket.write(encodeFrame({ id, error: error instanceof Error ? error.message : String(error) }));
    }
    if (parsed.data.op === 'quit') socket.end(() => events.quit());
  }
}

interface Answer {
  readonly message: object;
  readonly body?: Buffer;
}

async function answer(
  machine: VmMachine,
  request: VmRequest,
  body: Buffer,
  held: { pause: boolean; throttle: boolean },
): Promise<Answer> {
  const { image } = machine;
  switch (request.op) {
    case 'status':
      return { message: { status: machine.status } };
    case 'sync_bitmap':
      return { message: {}, body: image.syncBitmap() };
    case 'read_pages':
      return { message: {}, body: image.read(pageNumbers(body)) };
    case 'write_pages':
      if (machine.status.state !== 'incoming') throw new Error('only an incoming VM takes pages');
      return { message: { pages: image.load(body) } };
    case 'pause':
      await machine.pause();
      held.pause = true;
      return { message: {} };
    case 'resume':
      await machine.resume();
      return { message: {} };
    case 'export_state':
      return { message: { state: machine.exportState(), digest: image.digest() } };
    case 'digest':
      return { message: { digest: image.digest(), pages: image.pageCount } };
    case 'verify':
      return { message: { damagedPages: await image.countDamagedPages() } };
    case 'hand_over':
      await machine.handOver();
      return { message: {} };
    case 'take_back':
      await machine.takeBack();
      return { message: {} };
    case 'activate':
      await machine.activate(request.state);
      return { message: {} };
    case 'throttle':
      machine.throttle(request.share);
      held.throttle = true;
      return { message: {} };
    case 'set_dirty_profile':
      machine.setDirtyProfile(request.dirty);
      return { message: {} };
    case 'quit':
      machine.stop();
      return { message: {} };
  }
}

function pageNumbers(body: Buffer): Uint32Array {
  const numbers = new Uint32Array(Math.floor(body.length / 4));
  for (let at = 0; at < numbers.length; at += 1) numbers[at] = body.readUInt32LE(at * 4);
  return numbers;
}
