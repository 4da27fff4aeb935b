/** The applications of a story on the fluid network: background flows, the VMs' services, who can be reached when. */
import type { HostId, Mac, Path } from '@sluice/topology';
import type { Story, StoryFlow } from '../story/index.ts';
import type { Sample } from '../traffic/sample.ts';

import type { EmulatedNetwork } from './emulated-network.ts';
import { WIRE_PER_PAYLOAD } from './emulated-sending.ts';
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
  private readonly ways = new Map<string, Path | null>();
  private readonly flowsOf = new Map<string, Extract<StoryFlow, { kind: 'guest' }>[]>();
  private readonly background: readonly StoryFlow[];
  /** VMs that somebody talks to. */
  private readonly watched: ReadonlySet<EmulatedVm>;
  private readonly silentSince = new Map<string, number>();
  private readonly silences: Silence[] = [];

  constructor(
    private readonly story: Story,
    private readonly fluid: FluidNetwork,
    private readonly network: EmulatedNetwork,
    private readonly vms: ReadonlyMap<string, EmulatedVm>,
    private readonly nowMs: () => number,
  ) {
    for (const flow of story.flows) {
      this.series.set(flow.name, { samples: [], atMs: 0, movedBits: 0, offeredBits: 0 });
      if (flow.kind === 'guest') this.flowsOf.set(flow.vm, [...(this.flowsOf.get(flow.vm) ?? []), flow]);
    }
    this.background = story.flows.filter((flow) => flow.kind !== 'guest');
    this.watched = new Set(
      [...vms.values()].filter(({ spec }) => this.flowsOf.has(spec.name) || story.prober?.vm === spec.name),
    );
  }

  /** A VM stopped, moved or runs again. */
  vmChanged(vm: EmulatedVm): void {
    for (const flow of this.flowsOf.get(vm.spec.name) ?? []) this.route(flow);
    this.listen(vm);
  }

  /** The switches have other entries: ways are looked up again, and who was out of reach may be within it now. */
  forwardingChanged(): void {
    for (const flow of this.background) this.route(flow);
    for (const vm of this.watched) this.vmChanged(vm);
    for (const name of [...this.silentSince.keys()]) {
      const vm = this.vms.get(name);
      if (vm && !this.watched.has(vm)) this.listen(vm);
    }
  }

  /** Before anything has happened nobody is reached, and every flow waits for its way. */
  begin(): void {
    for (const flow of this.background) this.route(flow);
    for (const vm of this.vms.values()) this.vmChanged(vm);
  }

  private route(flow: StoryFlow): void {
    const path = this.way(flow);
    const before = this.ways.get(flow.name);
    if (before !== undefined && isSameWay(before, path)) return;
    this.ways.set(flow.name, path);
    this.fluid.put({
      id: flowId(flow),
      shape: flow.kind === 'udp' ? 'inelastic' : 'elastic',
      path,
      demand: (flow.rateBitsPerSec ?? Number.POSITIVE_INFINITY) * wirePerPayload(flow),
    });
  }

  private listen(vm: EmulatedVm): void {
    const { name } = vm.spec;
    const since = this.silentSince.get(name);
    const isReached = this.reached(vm);
    if (isReached && since !== undefined) {
      this.silences.push({ vm: name, startMs: since, endMs: this.nowMs() });
      this.silentSince.delete(name);
    } else if (!isReached && since === undefined) this.silentSince.set(name, this.nowMs());
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
  trafficOf(vm: EmulatedVm): { readonly txBitsPerSec: number; readonly rxBitsPerSec: number } {
    const flows = this.flowsOf.get(vm.spec.name);
    if (flows === undefined || !this.reached(vm)) return NO_TRAFFIC;
    let [txBitsPerSec, rxBitsPerSec] = [0, 0];
    for (const { direction, rateBitsPerSec } of flows)
      if (direction === 'download') txBitsPerSec += rateBitsPerSec ?? 0;
      else rxBitsPerSec += rateBitsPerSec ?? 0;
    return { txBitsPerSec, rxBitsPerSec };
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

const NO_TRAFFIC = { txBitsPerSec: 0, rxBitsPerSec: 0 } as const;

const isSameWay = (a: Path | null, b: Path | null): boolean =>
  a === b ||
  (a !== null && b !== null && a.length === b.length && a.every((link, index) => link === b[index]));

const flowId = (flow: StoryFlow): string => `flow ${flow.name}`;
const wirePerPayload = (flow: StoryFlow): number =>
  flow.kind === 'udp' ? WIRE_PER_DATAGRAM : WIRE_PER_PAYLOAD;
