/** Entry of a VM process. It outlives the agent; `vm.json` in its directory is how a later agent finds it. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { assert } from '@sluice/units';
import { systemRunner } from '../run-command.ts';
import { childOptions, tellParent } from './child.ts';
import { linuxGuestNetwork, noNetwork } from './guest-network.ts';
import { identify } from './process-identity.ts';
import { vmPaths } from './state-dir.ts';
import { VmMachine } from './vm-machine.ts';
import { type VmRecord, vmProcessOptionsSchema } from './vm-protocol.ts';
import { serveVm } from './vm-server.ts';

/** An incoming copy whose receiver never connects ends by itself. */
const FEEDER_TIMEOUT_MS = 10_000;

const options = vmProcessOptionsSchema.parse(childOptions());
const paths = vmPaths(options.dir);
const network = options.host === null ? noNetwork : linuxGuestNetwork(options.host, systemRunner);
const machine = new VmMachine(options, network);

process.on('SIGINT', () => undefined); // Ctrl-C is for the agent; a VM is ended over its control socket.
process.on('SIGTERM', () => void end());

await mkdir(options.dir, { recursive: true });
const server = await serveVm(machine, paths.socket, {
  activated: writeRecord,
  quit: () => void end(),
  feederLeft: () => void end(),
});
if (options.boot !== null) await writeRecord();
else {
  const lonely = setTimeout(() => void end(), FEEDER_TIMEOUT_MS);
  server.once('connection', () => clearTimeout(lonely));
}
void tellParent({ kind: 'ready' });

async function writeRecord(): Promise<void> {
  const { vm, guest } = machine.status;
  const self = await identify(process.pid);
  assert(vm !== null && self !== undefined, 'a running VM knows who it is');
  const record: VmRecord = { vm, process: self, guest, host: options.host };
  await writeFile(paths.record, JSON.stringify(record));
}

async function end(): Promise<void> {
  machine.stop();
  await rm(options.dir, { recursive: true, force: true });
  process.exit(0);
}
