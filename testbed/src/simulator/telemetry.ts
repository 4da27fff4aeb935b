/** What agents and switches measure: NIC loads, profiles of the VMs, application traffic per link. */
import { type AgentReport, HEARTBEAT_PERIOD_MS } from '@sluice/agents/contract';
import type { HostId, LinkId, Topology } from '@sluice/topology';
import { assert, type BitsPerSec, bitsPerSec } from '@sluice/units';
import type { Applications } from './applications.ts';
import type { EmulatedVm } from './emulated-vm.ts';
import type { FluidNetwork } from './fluid-network.ts';

export class Telemetry {
  private readonly readings = new Map<string, { atMs: number; bits: number }>();

  constructor(
    private readonly topology: Topology,
    private readonly fluid: FluidNetwork,
    private readonly vms: ReadonlyMap<string, EmulatedVm>,
    private readonly applications: Applications,
    private readonly nowMs: () => number,
  ) {}

  hostProfile(hostId: string): AgentReport {
    const host = this.topology.hosts.get(hostId as HostId);
    assert(host, `the story has host ${hostId}`);
    const [out] = this.nicLinks(hostId);
    return {
      kind: 'host_profile',
      nic: {
        device: 'eth0',
        mac: host.mac,
        ip: host.ip,
        capacityBitsPerSec: this.topology.links.get(out)?.capacity ?? 0,
      },
      vms: this.profilesOn(hostId),
    };
  }

  nicLoad(hostId: string): AgentReport {
    const [out, back] = this.nicLinks(hostId);
    const total = (link: LinkId) => {
      const { applicationBits, reservedBits } = this.fluid.linkCounters(link);
      return applicationBits + reservedBits;
    };
    return {
      kind: 'nic_load',
      txBitsPerSec: this.rateSince(`nic ${out}`, total(out)),
      rxBitsPerSec: this.rateSince(`nic ${back}`, total(back)),
      intervalSec: HEARTBEAT_PERIOD_MS / 1000,
      vms: this.profilesOn(hostId),
    };
  }

  linkLoads(): { readonly link: LinkId; readonly applicationRate: BitsPerSec }[] {
    return [...this.topology.links.keys()].map((link) => ({
      link,
      applicationRate: bitsPerSec(
        this.rateSince(`load ${link}`, this.fluid.linkCounters(link).applicationBits),
      ),
    }));
  }

  /** Mean rate since the same counter was last read under this name. */
  private rateSince(name: string, bits: number): number {
    const now = this.nowMs();
    const last = this.readings.get(name) ?? { atMs: 0, bits: 0 };
    this.readings.set(name, { atMs: now, bits });
    return now > last.atMs ? ((bits - last.bits) * 1000) / (now - last.atMs) : 0;
  }

  private profilesOn(hostId: string) {
    return [...this.vms.values()]
      .filter((vm) => vm.hostId === hostId)
      .map((vm) => vm.profile(this.nowMs(), this.applications.trafficOf(vm)));
  }

  /** The host's link towards its switch, and back. */
  private nicLinks(hostId: string): readonly [LinkId, LinkId] {
    const out = [...this.topology.links.values()].find(
      (link) => link.from.kind === 'host' && link.from.hostId === hostId,
    );
    assert(out, `host ${hostId} has a link`);
    return [out.id, out.reverse];
  }
}
