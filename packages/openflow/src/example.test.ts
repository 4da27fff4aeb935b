import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { buildUdpFrame, OFPP } from './index.ts';
import { createFakeSwitch } from './testing/index.ts';

const FOLDER = join(import.meta.dirname, '..');
const EXAMPLE = join(FOLDER, 'examples', 'learning-switch.ts');
const [a, b] = ['02:00:00:00:00:0a', '02:00:00:00:00:0b'] as const;
const udp = { srcPort: 1, dstPort: 2, payload: new Uint8Array(0) };
const frame = (src: string, dst: string) =>
  buildUdpFrame({ src, dst }, { src: '10.0.0.1', dst: '10.0.0.2' }, udp);

it('the README shows the example that is tested here', () => {
  const shown = readFileSync(join(FOLDER, 'README.md'), 'utf8').match(/```ts learning-switch\.ts\n(.*?)```/s);
  const code = readFileSync(EXAMPLE, 'utf8').replace(/^\/\*\*.*\*\/\n/, '');
  expect(shown?.[1]).toBe(code);
});

it('the learning switch floods what it does not know and then knows it', async () => {
  const child = spawn(process.execPath, ['--conditions=source', '--import', 'tsx', EXAMPLE], {
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    const { value } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
    const port = Number(/:(\d+)$/.exec(String(value))?.[1]);
    const ports = [1, 2, 3].map((portNo) => ({ portNo, name: `eth${portNo}` }));
    const fake = createFakeSwitch({ dpid: '0000000000000001', ports });
    await fake.connect({ host: '127.0.0.1', port });
    await expect.poll(() => fake.flows.length).toBe(1);
    fake.packetIn({ inPort: 1, data: frame(a, b) });
    fake.packetIn({ inPort: 2, data: frame(b, a) });
    await expect.poll(() => fake.packetOuts.length).toBe(2);
    const outputs = fake.packetOuts.map(({ actions }) =>
      actions.map((one) => one.type === 'output' && one.port),
    );
    expect(outputs).toEqual([[OFPP.FLOOD], [1]]);
    expect(fake.forward({ in_port: 2, eth_src: b, eth_dst: a }).outputs.map(({ port }) => port)).toEqual([1]);
    expect(fake.forward({ in_port: 3, eth_src: a, eth_dst: b }).packetIn).toBe(true);
    await fake.close();
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
});
