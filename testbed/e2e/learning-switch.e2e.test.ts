/** The learning switch that the README of @oflib/openflow shows, under Mininet with real Open vSwitch. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Lab,
  type LabHost,
  type LabProcess,
  mustSkip,
  type Network,
  openLab,
} from '../src/lab/index.ts';
import { networkSpec } from '../src/lab/saturation.ts';

const EXAMPLE = fileURLToPath(
  new URL('../../packages/openflow/examples/learning-switch.ts', import.meta.url),
);
const LISTENING = /waiting for switches on .*:(\d+)$/;
const START_MS = 20_000;

describe.skipIf(mustSkip('learning switch under Mininet'))('the learning switch', () => {
  let lab: Lab;
  let network: Network;
  let controller: LabProcess;

  beforeAll(async () => {
    lab = await openLab({ label: 'e2e of the learning switch' });
    const port = await new Promise<number>((resolve, reject) => {
      setTimeout(() => reject(new Error('the controller does not listen')), START_MS).unref();
      controller = lab.spawn({
        name: 'learning-switch',
        command: process.execPath,
        args: ['--conditions=source', '--import', 'tsx', EXAMPLE],
        env: { HOST: lab.controllerIp, PORT: '0' },
        onLine: (line) => {
          const found = LISTENING.exec(line);
          if (found !== null) resolve(Number(found[1]));
        },
      });
    });
    network = await lab.buildNetwork(networkSpec(), { ip: lab.controllerIp, port });
    await network.waitConnected();
  });

  afterAll(async () => {
    await network?.close();
    await controller?.stop();
    await lab?.close();
  });

  it('lets every host reach every other', async () => {
    const hosts = [...network.hosts.values()];
    for (const from of hosts) {
      for (const to of hosts) if (to !== from) expect(await answers(from, to)).toBeGreaterThan(0);
    }
  });

  it('leaves an entry for every pair of a switch, so that packets no longer ask', async () => {
    const dump = await lab.switchd.ofctl([
      '-O',
      'OpenFlow13',
      'dump-flows',
      network.bridges.get('left') ?? '',
    ]);
    const entries = dump.split('\n').filter((line) => line.includes('priority=1,'));
    // Three hosts, each way between any two of them.
    expect(entries.length).toBe(6);
  });
});

/** How many of three pings come back. The first may go by way of the controller. */
async function answers(from: LabHost, to: LabHost): Promise<number> {
  const [address = ''] = to.ip.split('/');
  const args = [`--net=/run/netns/${from.namespace}`, 'ping', '-c', '3', '-i', '0.2', '-W', '2', address];
  // ping ends with 1 when nothing comes back.
  const { stdout } = await promisify(execFile)('nsenter', args).catch((error: Error & { stdout: string }) => {
    if (/packets transmitted/.test(error.stdout)) return error;
    throw error;
  });
  return Number(/(\d+) received/.exec(stdout)?.[1] ?? 0);
}
