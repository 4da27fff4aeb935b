/**
 * Entry of the process that drives the guests of one host for a migration without agents. It runs in the host's
 * namespace, because the ports it chooses must be free there. One JSON object per line: orders on standard input,
 * answers and the driver's events on standard output. It ends when its input does.
 */
import { createInterface } from 'node:readline';
import { QemuDriver } from '@sluice/agents';
import { type DriverOrder, driverOptionsSchema, driverOrderSchema } from './driver-orders.ts';

const driver = new QemuDriver(driverOptionsSchema.parse(JSON.parse(process.argv[2] ?? '')));
const tell = (line: object): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

await driver.start({ onEvent: (event) => tell({ kind: 'event', event }), onVmsChanged: () => undefined });
tell({ kind: 'ready' });
for await (const line of createInterface({ input: process.stdin })) {
  const order = driverOrderSchema.parse(JSON.parse(line));
  try {
    tell({ kind: 'answer', id: order.id, value: (await carryOut(order)) ?? null });
  } catch (error) {
    tell({ kind: 'problem', id: order.id, problem: error instanceof Error ? error.message : String(error) });
  }
}
await driver.close();

async function carryOut(order: DriverOrder): Promise<unknown> {
  switch (order.kind) {
    case 'prepare_incoming':
      return driver.prepareIncoming(order.incoming);
    case 'start_migration':
      return driver.startMigration(outgoingOf(order.outgoing));
    case 'next_round':
      return driver.nextRound(order.migrationId, order.round, order.rateCapBitsPerSec);
    case 'begin_switchover':
      return driver.beginSwitchover(order.migrationId, order.rateCapBitsPerSec);
    case 'cancel':
      return driver.cancel(order.migrationId, order.reason);
  }
}

type Outgoing = Extract<DriverOrder, { kind: 'start_migration' }>['outgoing'];

function outgoingOf({ destination: { storagePort, ...place }, ...rest }: Outgoing) {
  return { ...rest, destination: { ...place, ...(storagePort === undefined ? {} : { storagePort }) } };
}
