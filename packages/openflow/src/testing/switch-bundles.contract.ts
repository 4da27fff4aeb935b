/** Bundles of 1.3 (the extension of the ONF) and what a switch refuses in them. */
import { expect, it } from 'vitest';
import {
  aggregateStatsRequest,
  BatchError,
  barrierRequest,
  describeError,
  echoRequest,
  instruction,
  type Message,
  onfBundleAddMessage,
  onfBundleControl,
  type Switch,
  wireVersion,
} from '../index.ts';
import { add, clean } from './contract-messages.ts';
import { refusalOf } from './real-switch.ts';

const OPEN = 0;
const CLOSE = 2;
const COMMIT = 4;
const DISCARD = 6;
const ORDERED_ATOMIC = 3;

const control = (bundleId: number, controlType: number, flags = ORDERED_ATOMIC): Message =>
  onfBundleControl({ bundleId, controlType, flags });
const inside = (bundleId: number, message: Message, xid: number, flags = ORDERED_ATOMIC): Message =>
  onfBundleAddMessage({ bundleId, flags, message: { version: wireVersion('1.3'), xid, message } });

export function bundleContract(connected: () => Promise<Switch>): void {
  const countOf = async (sw: Switch) => (await sw.request(aggregateStatsRequest())).flowCount;

  it('a switch commits a bundle whole, and nothing of it before', async () => {
    const sw = await connected();
    await sw.sendBatch(clean);
    await sw.bundle([add({ in_port: 1 }), add({ in_port: 2 })]);
    expect(await countOf(sw)).toBe(2);
  });

  it('a switch commits nothing of a bundle of which a part is refused, and names that part', async () => {
    const sw = await connected();
    await sw.sendBatch([...clean, add({ in_port: 1 })]);
    const bad = add({ in_port: 3 }, [instruction.meter(99)]);
    const error = await sw
      .bundle([add({ in_port: 2 }), bad, add({ in_port: 4 })])
      .catch((reason: unknown) => reason);
    if (!(error instanceof BatchError)) throw error;
    expect(error.errors.map(({ index, name }) => [index, name])).toEqual([[1, 'OFPMMFC_INVALID_METER']]);
    expect(await countOf(sw)).toBe(1);
  });

  it.each([
    ['opens a bundle twice', [control(1, OPEN), control(1, OPEN)], 'OFPBFC_BAD_ID'],
    ['closes a bundle that is not there', [control(1, CLOSE)], 'OFPBFC_BAD_ID'],
    [
      'closes a bundle twice',
      [control(1, OPEN), control(1, CLOSE), control(1, CLOSE)],
      'OFPBFC_BUNDLE_CLOSED',
    ],
    ['commits a bundle that is not there', [control(1, COMMIT)], 'OFPBFC_BAD_ID'],
    ['discards a bundle that is not there', [control(1, DISCARD)], 'OFPBFC_BAD_ID'],
    ['changes the flags of a bundle', [control(1, OPEN, 3), control(1, CLOSE, 1)], 'OFPBFC_BAD_FLAGS'],
    ['commits a bundle that is open', [control(1, OPEN), control(1, COMMIT)], 'answered'],
    ['discards a bundle', [control(1, OPEN), control(1, DISCARD)], 'answered'],
  ] as const)('a switch that %s', async (_, messages, expected) => {
    const sw = await connected();
    await refusalOf(sw.request(control(1, DISCARD)));
    const said: string[] = [];
    for (const message of messages) said.push(await refusalOf(sw.request(message)));
    expect(said.at(-1)).toBe(expected);
    await refusalOf(sw.request(control(1, DISCARD)));
  });

  it.each([
    ['takes no echo', (xid: number) => inside(5, echoRequest(), xid), 'OFPBFC_MSG_UNSUP'],
    ['takes no barrier', (xid: number) => inside(5, barrierRequest(), xid), 'OFPBFC_MSG_UNSUP'],
    [
      'takes only messages with its own xid',
      (xid: number) => inside(5, add({}), xid + 1),
      'OFPBFC_MSG_BAD_XID',
    ],
    ['takes only its own flags', (xid: number) => inside(5, add({}), xid, 0), 'OFPBFC_BAD_FLAGS'],
  ] as const)('a bundle %s', async (_, message, expected) => {
    const sw = await connected();
    const named = new Promise<string>((resolve) =>
      sw.once('error', (error) => resolve(describeError(error, '1.3').name)),
    );
    await refusalOf(sw.request(control(5, DISCARD)));
    await sw.request(control(5, OPEN));
    // The xid that the next message will have.
    const xid = sw.send(barrierRequest()) + 1;
    sw.send(message(xid));
    await sw.barrier();
    expect(await named).toBe(expected);
    await refusalOf(sw.request(control(5, DISCARD)));
  });
}
