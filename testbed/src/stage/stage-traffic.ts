/** Starts the application flows and probers that a story names, in the hosts of a network. */
import { bitsPerSec } from '@sluice/units';
import type { Lab, Network } from '../lab/index.ts';
import type { Story, StoryFlow } from '../story/index.ts';
import {
  type Flow,
  type Prober,
  startEchoProber,
  startGuestClient,
  startTcpFlow,
  startUdpFlow,
} from '../traffic/index.ts';

export function startStoryFlow(lab: Lab, story: Story, network: Network, flow: StoryFlow): Promise<Flow> {
  const rate = flow.rateBitsPerSec === null ? null : bitsPerSec(flow.rateBitsPerSec);
  const { name } = flow;
  switch (flow.kind) {
    case 'guest': {
      const vm = vmOf(story, flow.vm);
      const { namespace } = network.host(flow.client);
      const { direction } = flow;
      return startGuestClient(lab, { name, namespace, ip: vm.ip, port: vm.service.port, rate, direction });
    }
    case 'udp':
      return startUdpFlow(lab, {
        name,
        from: network.host(flow.from),
        to: network.host(flow.to),
        rate: bitsPerSec(flow.rateBitsPerSec),
      });
    case 'tcp':
      return startTcpFlow(lab, { name, from: network.host(flow.from), to: network.host(flow.to), rate });
  }
}

export function startStoryProber(
  lab: Lab,
  story: Story,
  network: Network,
  prober: NonNullable<Story['prober']>,
): Promise<Prober> {
  const vm = vmOf(story, prober.vm);
  return startEchoProber(lab, {
    name: `prober of ${prober.vm}`,
    namespace: network.host(prober.client).namespace,
    ip: vm.ip,
    port: vm.service.port,
    periodMs: prober.periodSec * 1000,
  });
}

export function vmOf(story: Story, name: string): Story['vms'][number] {
  const vm = story.vms.find((one) => one.name === name);
  if (!vm) throw new RangeError(`the story has no VM ${name}`);
  return vm;
}
