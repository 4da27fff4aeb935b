import { expect, it } from 'vitest';
import { type App, flowMod, OFPFC, packetIn } from '../index.ts';
import * as harness from './harness.ts';

const keep = harness.openedInTest();

it('apps configure a switch before it is announced, and then hear the same events', async () => {
  const { controller, address } = await harness.listening(keep);
  const story: string[] = [];
  const app = (name: string): App => ({
    name,
    async configure(sw) {
      await sw.sendBatch([flowMod({ command: OFPFC.ADD })]);
      story.push(`${name} configured`);
    },
    start(sw) {
      sw.on('packet_in', () => story.push(`${name} heard`));
      return () => story.push(`${name} stopped`);
    },
  });
  controller.use(app('one')).use(app('two'));
  const arrived = harness.arrivalAt(controller);
  const device = harness.deviceOf(keep, { handler: { answer: () => [] } });
  await device.connect(address);
  const sw = await arrived;
  expect(story.toSorted()).toEqual(['one configured', 'two configured']);
  device.send(packetIn({ totalLen: 0 }));
  await harness.until(() => story.length === 4);
  expect(story.slice(2)).toEqual(['one heard', 'two heard']);
  sw.close();
  await harness.until(() => story.length === 6);
  expect(story.slice(4)).toEqual(['one stopped', 'two stopped']);
});

it('what the switch says while it is configured waits for the listeners', async () => {
  const { controller, address } = await harness.listening(keep);
  const device = harness.deviceOf(keep, { handler: { answer: () => [] } });
  controller.use({
    name: 'talker',
    async configure(sw) {
      device.send(packetIn({ totalLen: 7 }));
      await sw.barrier();
    },
  });
  const lengths: number[] = [];
  controller.on('switch', (sw) => sw.on('packet_in', ({ totalLen }) => lengths.push(totalLen)));
  await device.connect(address);
  await harness.until(() => lengths.length === 1);
  expect(lengths).toEqual([7]);
});

it('a switch that an app cannot configure is refused, with the name of the app', async () => {
  const { controller, address } = await harness.listening(keep);
  controller.use({ name: 'acl', configure: () => Promise.reject(new Error('no table 3')) });
  const refused = harness.refusalAt(controller);
  await harness.deviceOf(keep).connect(address);
  expect(await refused).toBe('acl could not configure it: no table 3');
});

it('an app that does not finish is not waited for', async () => {
  const clock = harness.manual();
  const { controller, address } = await harness.listening(keep, {
    timers: clock.timers,
    configureTimeoutMs: 500,
  });
  let isAsked = false;
  controller.use({
    name: 'slow',
    configure() {
      isAsked = true;
      return new Promise(() => undefined);
    },
  });
  const refused = harness.refusalAt(controller);
  await harness.deviceOf(keep).connect(address);
  await harness.until(() => isAsked);
  clock.advance(500);
  expect(await refused).toBe('its configuration took longer than 500 ms');
});
