/** `sluice explain MIGRATION`: why it has the rate that it has, and what would raise it. */
import type { Explanation } from '@sluice/controller';
import type { Command } from 'commander';
import * as format from '../terminal/format.ts';
import { formatTable } from '../terminal/table.ts';
import { apiCommand, openSession } from './api-command.ts';

export function register(program: Command): void {
  apiCommand(program.command('explain <migration>'))
    .description('say what binds the rate of a migration, who shares it, and what would raise it')
    .action(async (id: string, _options: unknown, command: Command) => {
      const session = openSession(command);
      const path = `/v1/migrations/${encodeURIComponent(id)}/explanation`;
      session.print(await session.api.get<Explanation>(path), explanationText);
    });
}

const WHY: Readonly<Record<Explanation['binding'], string>> = {
  unmanaged: 'nothing is reserved for it',
  switchover: 'the VM is being moved; the rate stands until it runs again',
  waiting_for_room: 'others are being taken down to make room for it',
  rate_max: 'it has all that its limit, its NIC or its path allows',
  policy: 'its policy asks for no more',
  links: 'it shares links that are full',
  rate_min: 'it has the least that keeps its limits',
};

export function explanationText(explanation: Explanation): string {
  const { migrationId, binding, objective, links, wouldRaiseIt, endingsTried } = explanation;
  const parts = [
    `${migrationId}: ${WHY[binding]}\n`,
    formatTable(
      ['has', 'should have', 'guaranteed', 'between', 'objective'],
      [
        [
          format.rate(explanation.currentBitsPerSec),
          format.rate(explanation.targetBitsPerSec),
          format.rate(explanation.guaranteeBitsPerSec),
          `${format.rate(explanation.rateMinBitsPerSec)} and ${format.rate(explanation.rateMaxBitsPerSec)}`,
          objective,
        ],
      ],
    ),
  ];
  if (links.length > 0)
    parts.push(
      formatTable(
        ['full link', 'for migrations', 'one Mbit/s more saves', 'shared with'],
        links.map((link) => [
          link.link,
          format.rate(link.availableBitsPerSec),
          link.shadowPricePerMbitPerSec === 0 ? '-' : link.shadowPricePerMbitPerSec.toPrecision(3),
          link.sharedWith
            .map(({ migrationId: other, rateBitsPerSec }) => `${other} ${format.rate(rateBitsPerSec)}`)
            .join(', ') || '-',
        ]),
      ),
    );
  if (wouldRaiseIt.length > 0)
    parts.push(`What would raise it:\n${wouldRaiseIt.map((raise) => `  ${raiseText(raise)}\n`).join('')}`);
  if (!endingsTried)
    parts.push('So many share these links that it was not tried whose end would raise it.\n');
  return parts.join('\n');
}

function raiseText(raise: Explanation['wouldRaiseIt'][number]): string {
  switch (raise.change) {
    case 'rate_max':
      return `a larger --rate-max, up to ${format.rate(raise.toBitsPerSec)}`;
    case 'policy':
      return `another policy or objective, up to ${format.rate(raise.toBitsPerSec)}`;
    case 'more_capacity':
      return `more capacity on ${raise.link}`;
    case 'less_application_traffic':
      return `less application traffic on ${raise.link}`;
    default:
      return `the end of ${raise.migrationId}: then ${format.rate(raise.toBitsPerSec)}`;
  }
}
