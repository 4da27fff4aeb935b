/** The applications of a story on the fluid network: background flows, the VMs' services, who can be reached when. */
import type { HostId, Mac, Path } from '@sluice/topology';
import type { Story, StoryFlow } from '../story/index.ts';
import type { Sample } from '../traffic/sample.ts';
import { WIRE_PER_PAYLOAD } from './emulated-agents.ts';
import type { EmulatedNetwork } from './emulated-network.ts';
import type { EmulatedVm } from './emulated-vm.ts';
import type { FluidNetwork } from './fluid-network.ts';
import type { Silence } from './types.ts';

/** UDP datagrams of the lab's generator: 1400 bytes of payload in 1442 of frame. */
const DATAGRAM_BYTES = 1400;
const WIRE_PER_DATAGRAM = 1442 / DATAGRAM_BYTES;
const SEGMENT_BYTES = 1448;
const SAMPLE_MS = 100;

interface Series {
  readonly samples: Sample[];
  atMs: number;
  movedBits: number;
  offeredBits: number;
}

export class Applications {
  readonly samplePeriodMs = SAMPLE_MS;
  private readonly series = new Map<string, Series>();
  private readonly silentSince = new Map<string, number>();
  private readonly silences: Silence[] = [];

  constructor(
    private readonly story: Story,
    private readonly fluid: FluidNetwork,
    private readonly network: EmulatedNetwork,
    private readonly vms: ReadonlyMap<string, EmulatedVm>,
    private readonly nowMs: () => number,
  ) {
    for (const flow of story.flows)
      this.series.set(flow.name, { samples: [], atMs: 0, movedBits: 0, offeredBits: 0 });
  }

  /** Something moved, stopped or broke: all ways are looked up again. */
  update(): void {
    for (const flow of this.story.flows)
      this.fluid.put({
        id: flowId(flow),
        shape: flow.kind === 'udp' ? 'inelastic' : 'elastic',
        path: this.way(flow),
        demand: (flow.rateBitsPerSec ?? Number.POSITIVE_INFINITY) * wirePerPayload(flow),
      });
    for (const vm of this.vms.values()) {
      const since = this.silentSince.get(vm.spec.name);
      const isReached = this.reached(vm);
      if (isReached && since !== undefined) {
        this.silences.push({ vm: vm.spec.name, startMs: since, endMs: this.nowMs() });
        this.silentSince.delete(vm.spec.name);
      } else if (!isReached && since === undefined) this.silentSince.set(vm.spec.name, this.nowMs());
    }
  }

  /** Closes the present interval of every flow. */
  sample(): void {
    const now = this.nowMs();
    for (const flow of this.story.flows) {
      const series = this.series.get(flow.name);
      if (!series || now <= series.atMs) continue;
      const { movedBits, offeredBits } = this.fluid.progress(flowId(flow));
      const factor = 8 * wirePerPayload(flow);
      const bytes = (movedBits - series.movedBits) / factor;
      const offered = (offeredBits - series.offeredBits) / factor;
      const size = flow.kind === 'udp' ? DATAGRAM_BYTES : SEGMENT_BYTES;
      series.samples.push({
        sinceMs: series.atMs,
        atMs: now,
        bytes,
        packets: bytes / size,
        lost: Math.max(0, offered - bytes) / size,
      });
      Object.assign(series, { atMs: now, movedBits, offeredBits });
    }
  }

  flows(): ReadonlyMap<string, readonly Sample[]> {
    return new Map([...this.series].map(([name, { samples }]) => [name, samples]));
  }
  /** Silences that have ended; one that goes on at the end of the run counts until then. */
  gaps(): readonly Silence[] {
    const open = [...this.silentSince].map(([vm, startMs]) => ({ vm, startMs, endMs: this.nowMs() }));
    return [...this.silences, ...open];
  }

  /** The VM's own traffic, as its profile tells it: what its paced services send and take. */
  trafficOf(vm: EmulatedVm): { txBitsPerSec: number; rxBitsPerSec: number } {
    const total = (direction: 'download' | 'upload') =>
      this.story.flows.reduce(
        (sum, flow) =>
          flow.kind === 'guest' &&
          flow.vm === vm.spec.name &&
          flow.direction === direction &&
          this.reached(vm)
            ? sum + (flow.rateBitsPerSec ?? 0)
            : sum,
        0,
      );
    return { txBitsPerSec: total('download'), rxBitsPerSec: total('upload') };
  }

  private way(flow: StoryFlow): Path | null {
    if (flow.kind !== 'guest') return this.network.way(flow.from as HostId, flow.to as HostId);
    const vm = this.vms.get(flow.vm);
    if (!vm || !this.reached(vm)) return null;
    const [at, client] = [vm.hostId as HostId, flow.client as HostId];
    return flow.direction === 'download' ? this.network.way(at, client) : this.network.way(client, at);
  }

  /** It runs, and the switches send its frames to the host on which it does. */
  private reached(vm: EmulatedVm): boolean {
    return vm.state === 'running' && this.network.placeOf(vm.spec.mac as Mac) === vm.hostId;
  }
}

const flowId = (flow: StoryFlow): string => `flow ${flow.name}`;
const wirePerPayload = (flow: StoryFlow): number =>
  flow.kind === 'udp' ? WIRE_PER_DATAGRAM : WIRE_PER_PAYLOAD;
