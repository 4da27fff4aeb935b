/** Entry of a receiver: one incoming migration. Ends by itself; losing the agent abandons what is not yet resumed. */
import { mkdir } from 'node:fs/promises';
import { childOptions, childReady, release, startChild, tellParent } from './child.ts';
import {
  asMigrationFailure,
  MigrationFailure,
  type ReceiverEvent,
  receiverOptionsSchema,
  senderCommandSchema,
} from './migration-protocol.ts';
import { Receiver } from './receiver.ts';
import { vmPaths } from './state-dir.ts';
import { VmClient } from './vm-client.ts';
import type { VmProcessOptions } from './vm-protocol.ts';

let told: Promise<void> = Promise.resolve();
const report = (event: ReceiverEvent): void => {
  told = tellParent(event);
};
const done = (): void => {
  void told.then(() => process.exit(0));
};
const options = receiverOptionsSchema.parse(childOptions());
process.on('SIGINT', () => undefined); // The agent hears it, too, and cancels properly.

try {
  await mkdir(options.vmDir, { recursive: true });
  const vmOptions: VmProcessOptions = {
    dir: options.vmDir,
    memoryBytes: options.memoryBytes,
    host: options.host,
    boot: null,
  };
  const child = startChild({ entry: 'vm-process', options: vmOptions, logFile: options.vmLogFile });
  await childReady(child, 'vm-process');
  const vm = await VmClient.connect(vmPaths(options.vmDir).socket);
  release(child);
  const receiver = new Receiver({ options, vm, report, done });
  process.on('message', (message) => {
    const command = senderCommandSchema.safeParse(message);
    if (command.success && command.data.kind === 'cancel')
      receiver.abandon(new MigrationFailure('cancelled', command.data.reason));
  });
  process.on('disconnect', () => receiver.abandon(new MigrationFailure('agent_lost', 'the agent is gone')));
  process.on('SIGTERM', () => receiver.abandon(new MigrationFailure('cancelled', 'terminated')));
  const port = await receiver.listen();
  if (!process.connected) receiver.abandon(new MigrationFailure('agent_lost', 'the agent is gone'));
  await tellParent({ kind: 'ready', port });
} catch (error) {
  const { code, message } = asMigrationFailure(error, 'internal');
  await tellParent({ kind: 'failed', code, detail: message, vmRunning: false });
  process.exit(1);
}
