/** Entry of a sender: one outgoing migration. Ends with it; losing the agent cancels what was not handed over. */
import { childOptions, tellParent } from './child.ts';
import { MigrationFailure, senderCommandSchema, senderOptionsSchema } from './migration-protocol.ts';
import { Sender } from './sender.ts';

const options = senderOptionsSchema.parse(childOptions());
let told: Promise<void> = Promise.resolve();
const sender = new Sender(options, (event) => {
  told = tellParent(event);
});

process.on('SIGINT', () => undefined); // The agent hears it, too, and cancels properly.
process.on('SIGTERM', () => sender.cancel(new MigrationFailure('cancelled', 'terminated')));
process.on('disconnect', () => sender.cancel(new MigrationFailure('agent_lost', 'the agent is gone')));
process.on('message', (message) => {
  const command = senderCommandSchema.safeParse(message);
  if (command.success) sender.command(command.data);
  else console.error('not a command:', message);
});
if (!process.connected) sender.cancel(new MigrationFailure('agent_lost', 'the agent is gone'));

void tellParent({ kind: 'ready' });
await sender.run();
await told;
process.exit(0);
