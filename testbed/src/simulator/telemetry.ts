/** What agents and switches measure: NIC loads, profiles of the VMs, application traffic per link. */
import { type AgentReport, HEARTBEAT_PERIOD_MS, type VmProfile } from '@sluice/agents/contract';
import type { HostId, LinkId, Topology } from '@sluice/topology';
import { assert, type BitsPerSec, bitsPerSec } from '@sluice/units';
import type { Applications } from './applications.ts';
import type { EmulatedVm } from './emulated-vm.ts';
import type { FluidNetwork } from './fluid-network.ts';
import { hostLinks } from './host-links.ts';

/** What the emulated hypervisors can do beside pre-copy. */
const CAPABILITIES = ['postcopy', 'postcopy_recovery', 'throttle'];

interface Nic {
  readonly out: LinkId;
  readonly back: LinkId;
  readonly capacity: number;
  readonly tx: Meter;
  readonly rx: Meter;
}

export class Telemetry {
  private readonly nics: ReadonlyMap<string, Nic>;
  private readonly applicationMeters: readonly (readonly [LinkId, Meter])[];
  private readonly vmsOn = new Map<string, Set<EmulatedVm>>();

  constructor(
    private readonly topology: Topology,
    private readonly fluid: FluidNetwork,
    vms: ReadonlyMap<string, EmulatedVm>,
    private readonly applications: Applications,
    private readonly nowMs: () => number,
  ) {
    this.nics = new Map(
      [...hostLinks(topology)].map(([hostId, { id, reverse, capacity }]) => [
        hostId,
        { out: id, back: reverse, capacity, tx: new Meter(), rx: new Meter() },
      ]),
    );
    this.applicationMeters = [...topology.links.keys()].map((link) => [link, new Meter()]);
    for (const vm of vms.values()) this.onHost(vm.hostId).add(vm);
  }

  /** A VM runs on another host from now on. */
  vmMoved(vm: EmulatedVm, from: string): void {
    this.onHost(from).delete(vm);
    this.onHost(vm.hostId).add(vm);
  }

  hostProfile(hostId: string): AgentReport {
    const host = this.topology.hosts.get(hostId as HostId);
    assert(host, `the story has host ${hostId}`);
    return {
      kind: 'host_profile',
      nic: {
        device: 'eth0',
        mac: host.mac,
        ip: host.ip,
        capacityBitsPerSec: this.nicOf(hostId).capacity,
      },
      vms: this.profilesOn(hostId),
      capabilities: [...CAPABILITIES],
    };
  }

  nicLoad(hostId: string): AgentReport {
    const { out, back, tx, rx } = this.nicOf(hostId);
    return {
      kind: 'nic_load',
      txBitsPerSec: tx.read(this.totalBits(out), this.nowMs()),
      rxBitsPerSec: rx.read(this.totalBits(back), this.nowMs()),
      intervalSec: HEARTBEAT_PERIOD_MS / 1000,
      vms: this.profilesOn(hostId),
    };
  }

  /** Links whose load is another one than when it was last told. */
  linkLoads(): { readonly link: LinkId; readonly applicationRate: BitsPerSec }[] {
    const loads: { readonly link: LinkId; readonly applicationRate: BitsPerSec }[] = [];
    for (const [link, meter] of this.applicationMeters) {
      const before = meter.rate;
      const rate = meter.read(this.fluid.linkCounters(link).applicationBits, this.nowMs());
      if (rate !== before) loads.push({ link, applicationRate: bitsPerSec(rate) });
    }
    return loads;
  }

  private totalBits(link: LinkId): number {
    const { applicationBits, reservedBits } = this.fluid.linkCounters(link);
    return applicationBits + reservedBits;
  }
  private profilesOn(hostId: string): VmProfile[] {
    const now = this.nowMs();
    const profiles: VmProfile[] = [];
    for (const vm of this.onHost(hostId)) profiles.push(vm.profile(now, this.applications.trafficOf(vm)));
    return profiles;
  }
  private onHost(hostId: string): Set<EmulatedVm> {
    const known = this.vmsOn.get(hostId);
    if (known) return known;
    const none = new Set<EmulatedVm>();
    this.vmsOn.set(hostId, none);
    return none;
  }
  private nicOf(hostId: string): Nic {
    const nic = this.nics.get(hostId);
    assert(nic, `host ${hostId} has a link`);
    return nic;
  }
}

/** Mean rate between readings of one counter. */
class Meter {
  rate = 0;
  private atMs = 0;
  private bits = 0;

  read(bits: number, nowMs: number): number {
    this.rate = nowMs > this.atMs ? ((bits - this.bits) * 1000) / (nowMs - this.atMs) : 0;
    this.atMs = nowMs;
    this.bits = bits;
    return this.rate;
  }
}
