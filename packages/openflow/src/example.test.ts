import { expect, it } from 'vitest';
import { buildUdpFrame, createController, type Switch } from './index.ts';
import { createFakeSwitch } from './testing/index.ts';

const [a, b] = ['02:00:00:00:00:0a', '02:00:00:00:00:0b'] as const;
const udp = { srcPort: 1, dstPort: 2, payload: new Uint8Array(0) };
const frame = (src: string, dst: string) =>
  buildUdpFrame({ src, dst }, { src: '10.0.0.1', dst: '10.0.0.2' }, udp);

it('the learning switch of the README floods what it does not know and then knows it', async () => {
  const example = new URL('../examples/learning-switch.ts', import.meta.url).href;
  const { learn } = (await import(example)) as { learn: (sw: Switch) => void };
  const controller = createController({ port: 0 });
  controller.on('switch', learn);
  const ports = [1, 2, 3].map((portNo) => ({ portNo, name: `eth${portNo}` }));
  const fake = createFakeSwitch({ dpid: '0000000000000001', ports });
  await fake.connect(await controller.listen());
  await expect.poll(() => fake.flows.length).toBe(1);
  fake.packetIn({ inPort: 1, data: frame(a, b) });
  fake.packetIn({ inPort: 2, data: frame(b, a) });
  await expect.poll(() => fake.packetOuts.length).toBe(2);
  expect(
    fake.packetOuts.map(({ actions }) => actions.map((one) => one.type === 'output' && one.port)),
  ).toEqual([[0xfffffffb], [1]]);
  expect(fake.forward({ in_port: 2, eth_src: b, eth_dst: a }).outputs.map(({ port }) => port)).toEqual([1]);
  expect(fake.forward({ in_port: 3, eth_src: a, eth_dst: b }).packetIn).toBe(true);
  await fake.close();
  await controller.close();
});
