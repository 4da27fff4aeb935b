/** What tests of sessions share: a controller, switches, peers that speak bytes, a clock that tests own. */
import { connect, type Socket } from 'node:net';
import { afterEach } from 'vitest';
import {
  type Controller,
  type ControllerOptions,
  createController,
  createSwitch,
  type Device,
  type DeviceOptions,
  decodeMessage,
  type Envelope,
  encodeMessage,
  hello,
  type Message,
  type Switch,
  type Timers,
  type Version,
} from '../index.ts';

/** Ends everything that a test opened, when the test is over. */
export function openedInTest(): (one: { close(): unknown }) => void {
  const open: { close(): unknown }[] = [];
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close();
  });
  return (one) => open.push(one);
}

export interface Listening<V extends Version> {
  readonly controller: Controller<V>;
  readonly address: { readonly host: string; readonly port: number };
}

export async function listening<V extends Version = '1.3'>(
  keep: (one: { close(): unknown }) => void,
  options: ControllerOptions<V> = {},
): Promise<Listening<V>> {
  const controller = createController<V>({ port: 0, ...options });
  keep(controller);
  return { controller, address: await controller.listen() };
}

export const arrivalAt = <V extends Version>(controller: Controller<V>): Promise<Switch<V>> =>
  new Promise((resolve) => controller.once('switch', resolve));

export const refusalAt = <V extends Version>(controller: Controller<V>): Promise<string> =>
  new Promise((resolve) => controller.once('refused', ({ reason }) => resolve(reason)));

export const DPID = '00000000000000b2';

/** A switch of ours that is not connected yet; it answers nothing unless told. */
export function deviceOf<V extends Version = '1.3'>(
  keep: (one: { close(): unknown }) => void,
  options: Partial<DeviceOptions<V>> = {},
): Device<V> {
  const made = createSwitch<V>({ dpid: DPID, handler: { answer: () => undefined }, ...options });
  keep(made);
  return made;
}

export interface RawPeer {
  readonly socket: Socket;
  messages(): readonly Envelope[];
  say(message: Message<Version>, xid?: number): void;
}

/** A peer of bytes: says what it is told to, remembers what it hears. */
export async function rawPeer(
  keep: (one: { close(): unknown }) => void,
  address: { readonly host: string; readonly port: number },
  version: Version = '1.3',
): Promise<RawPeer> {
  const socket = connect(address);
  const heard: Uint8Array[] = [];
  socket.on('data', (chunk) => heard.push(chunk));
  socket.on('error', () => undefined);
  keep({ close: () => socket.destroy() });
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  return {
    socket,
    messages: () => split(Buffer.concat(heard)).map((bytes) => decodeMessage(bytes)),
    say: (message, xid = 1) => void socket.write(encodeMessage(message, xid, version)),
  };
}

function split(bytes: Uint8Array): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let at = 0; at + 8 <= bytes.length; ) {
    const length = new DataView(bytes.buffer, bytes.byteOffset + at).getUint16(2);
    parts.push(bytes.slice(at, at + length));
    at += length;
  }
  return parts;
}

/** No promise of the library: a busy machine may take long. */
const UNTIL_LIMIT_MS = 30_000;

export async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + UNTIL_LIMIT_MS;
  while (!holds()) {
    if (performance.now() > deadline)
      throw new Error(`the condition did not come true in ${UNTIL_LIMIT_MS} ms`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Says hello and waits for the request of the features; returns its xid. */
export async function shakenHands(peer: RawPeer): Promise<number> {
  peer.say(hello({ elements: [] }));
  const asked = () => peer.messages().find(({ message }) => message.type === 'features_request');
  await until(() => asked() !== undefined);
  return asked()?.xid ?? 0;
}

/** Timers that run when the test says so. */
export const manual = (): { timers: Timers; advance(ms: number): void } => {
  let now = 0;
  let next = 1;
  const waiting = new Map<number, { at: number; run: () => void }>();
  return {
    timers: {
      now: () => now,
      setTimeout: (run, ms) => {
        waiting.set(next, { at: now + ms, run });
        return next++;
      },
      clearTimeout: (handle) => void waiting.delete(handle as number),
    },
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const due = [...waiting].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
        if (due === undefined) break;
        waiting.delete(due[0]);
        now = due[1].at;
        due[1].run();
      }
      now = end;
    },
  };
};
