/** `sluice host list`: hosts, their agents, NIC load and VMs. */
import type { Command } from 'commander';
import * as format from '../terminal/format.ts';
import { formatTable } from '../terminal/table.ts';
import { apiCommand, openSession } from './api-command.ts';

/** What is printed of GET /v1/hosts. */
interface HostView {
  readonly name: string;
  readonly kind: string;
  readonly ip: string;
  readonly agentAlive: boolean | null;
  readonly txBitsPerSec: number;
  readonly rxBitsPerSec: number;
  readonly vms: readonly string[];
}

export function register(program: Command): void {
  const host = program.command('host').description('look at hosts');
  apiCommand(host.command('list'))
    .description('list hosts with their agents and VMs')
    .action(async (_options: unknown, command: Command) => {
      const session = openSession(command);
      session.print(await session.api.get<{ hosts: HostView[] }>('/v1/hosts'), ({ hosts }) =>
        formatTable(
          ['host', 'kind', 'ip', 'agent', 'sends', 'receives', 'vms'],
          hosts.map((entry) => [
            entry.name,
            entry.kind,
            entry.ip,
            entry.agentAlive === null ? '-' : entry.agentAlive ? 'alive' : 'silent',
            format.rate(entry.txBitsPerSec),
            format.rate(entry.rxBitsPerSec),
            entry.vms.join(',') || '-',
          ]),
        ),
      );
    });
}
