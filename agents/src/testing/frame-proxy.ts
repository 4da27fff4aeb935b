/** A TCP proxy that sees migration frames: it can damage one, cut the connection at one, or refuse to be reached. */
import { connect, createServer, type Socket } from 'node:net';
import { encodeFrame, type Frame, FrameParser } from '../emulated/frame.ts';

export type Direction = 'to_receiver' | 'to_sender';
/** cut_before: the frame does not arrive; cut_after: it does, and nothing behind it. */
export type Verdict = 'pass' | 'cut_before' | 'cut_after' | Frame;

export interface FrameProxy {
  readonly port: number;
  /** Refuses new connections from now on. */
  hide(): void;
  close(): Promise<void>;
}

export async function startFrameProxy(
  target: number,
  judge: (direction: Direction, op: string, frame: Frame) => Verdict,
): Promise<FrameProxy> {
  const sockets = new Set<Socket>();
  let hidden = false;
  const server = createServer((near) => {
    if (hidden) {
      near.destroy();
      return;
    }
    const far = connect(target, '127.0.0.1');
    const cut = (): void => {
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', cut);
      socket.on('close', () => {
        sockets.delete(socket);
        cut();
      });
    }
    pump(near, far, 'to_receiver', cut);
    pump(far, near, 'to_sender', cut);
  });

  function pump(from: Socket, to: Socket, direction: Direction, cut: () => void): void {
    const parser = new FrameParser();
    from.on('data', (chunk) => {
      for (const frame of parser.push(chunk)) {
        const verdict = judge(direction, opOf(frame), frame);
        if (verdict === 'cut_before') return cut();
        if (typeof verdict === 'object') forward(to, verdict);
        else if (verdict === 'pass') forward(to, frame);
        else {
          forward(to, frame);
          // `end` lets what was written arrive; the other direction is cut at once.
          to.end();
          from.destroy();
          return;
        }
      }
    });
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return {
    port: address.port,
    hide: () => {
      hidden = true;
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

function forward(to: Socket, { message, body }: Frame): void {
  if (typeof message === 'object' && message !== null && !to.destroyed) to.write(encodeFrame(message, body));
}

function opOf({ message }: Frame): string {
  return typeof message === 'object' && message !== null && 'op' in message ? String(message.op) : '';
}
