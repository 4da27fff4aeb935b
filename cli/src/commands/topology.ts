/** `sluice topology show`: switches and links, with what is promised, kept and measured on them. */
import type { Command } from 'commander';
import * as format from '../terminal/format.ts';
import { formatTable } from '../terminal/table.ts';
import { apiCommand, openSession } from './api-command.ts';

/** What is printed of GET /v1/topology. */
interface TopologyView {
  readonly switches: readonly { readonly name: string; readonly dpid: string; readonly connected: boolean }[];
  readonly links: readonly {
    readonly id: string;
    readonly status: string;
    readonly classification: string | null;
    readonly capacityBitsPerSec: number;
    readonly floorBitsPerSec: number;
    readonly reservedBitsPerSec: number;
    readonly residualBitsPerSec: number;
    readonly applicationBitsPerSec: number | null;
  }[];
  readonly alerts: readonly { readonly kind: string; readonly detail: string }[];
}

export function register(program: Command): void {
  const topology = program.command('topology').description('look at the network');
  apiCommand(topology.command('show'))
    .description('show switches, links and findings')
    .action(async (_options: unknown, command: Command) => {
      const session = openSession(command);
      session.print(await session.api.get<TopologyView>('/v1/topology'), topologyText);
    });
}

function topologyText({ switches, links, alerts }: TopologyView): string {
  const parts = [
    formatTable(
      ['switch', 'dpid', 'connected'],
      switches.map(({ name, dpid, connected }) => [name, dpid, format.yesNo(connected)]),
    ),
    formatTable(
      ['link', 'status', 'queue by', 'capacity', 'floor', 'reserved', 'residual', 'applications'],
      links.map((link) => [
        link.id,
        link.status,
        format.text(link.classification),
        format.rate(link.capacityBitsPerSec),
        format.rate(link.floorBitsPerSec),
        format.rate(link.reservedBitsPerSec),
        format.rate(link.residualBitsPerSec),
        format.rate(link.applicationBitsPerSec),
      ]),
    ),
  ];
  if (alerts.length > 0)
    parts.push(
      formatTable(
        ['alert', 'detail'],
        alerts.map(({ kind, detail }) => [kind, detail]),
      ),
    );
  return parts.join('\n');
}
