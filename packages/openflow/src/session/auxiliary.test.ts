import { expect, it } from 'vitest';
import { featuresReply, flowMod, OFPFC, packetIn } from '../index.ts';
import * as harness from './harness.ts';

const keep = harness.openedInTest();

it('an auxiliary connection belongs to its switch, both ways', async () => {
  const { controller, address } = await harness.listening(keep);
  const arrived = harness.arrivalAt(controller);
  const heard: string[] = [];
  const device = harness.deviceOf(keep, {
    handler: {
      answer: (message) => {
        heard.push(message.type);
        return [];
      },
    },
  });
  await device.connect(address);
  const sw = await arrived;
  const came = new Promise<number>((resolve) => sw.once('auxiliary', resolve));
  await device.connect({ ...address, auxiliaryId: 3 });
  expect(await came).toBe(3);
  expect(sw.auxiliaryIds).toEqual([3]);
  sw.sendVia(3, flowMod({ command: OFPFC.ADD }));
  await harness.until(() => heard.length === 1);
  expect(controller.switches.size).toBe(1);
});

it('what comes over an auxiliary connection is an event of the switch', async () => {
  const { controller, address } = await harness.listening(keep);
  const arrived = harness.arrivalAt(controller);
  await harness.deviceOf(keep).connect(address);
  const sw = await arrived;
  const peer = await harness.rawPeer(keep, address);
  const xid = await harness.shakenHands(peer);
  const came = new Promise((resolve) => sw.once('auxiliary', resolve));
  peer.say(featuresReply({ datapathId: harness.DPID, auxiliaryId: 1 }), xid);
  await came;
  const data = new Uint8Array([1, 2, 3]);
  const packet = new Promise((resolve) => sw.once('packet_in', resolve));
  peer.say(packetIn({ totalLen: 3, data }), 0);
  expect(await packet).toMatchObject({ data });
});

it('without a main connection an auxiliary one is refused', async () => {
  const { controller, address } = await harness.listening(keep);
  const refused = harness.refusalAt(controller);
  const peer = await harness.rawPeer(keep, address);
  const xid = await harness.shakenHands(peer);
  peer.say(featuresReply({ datapathId: harness.DPID, auxiliaryId: 1 }), xid);
  expect(await refused).toBe('an auxiliary connection came without its main one');
});

it('leaves with its main connection', async () => {
  const { controller, address } = await harness.listening(keep);
  const arrived = harness.arrivalAt(controller);
  const device = harness.deviceOf(keep);
  await device.connect(address);
  const sw = await arrived;
  const came = new Promise((resolve) => sw.once('auxiliary', resolve));
  await device.connect({ ...address, auxiliaryId: 1 });
  await came;
  const reasons: string[] = [];
  device.on('disconnected', ({ reason }) => reasons.push(reason));
  sw.close('enough');
  await harness.until(() => reasons.length === 2);
  await harness.until(() => sw.auxiliaryIds.length === 0);
});
