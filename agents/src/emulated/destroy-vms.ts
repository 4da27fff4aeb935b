/** Ends the VMs of a state directory without an agent: for cleaning up, also after everything was killed. */
import { rm } from 'node:fs/promises';
import { systemRunner } from '../run-command.ts';
import { linuxGuestNetwork } from './guest-network.ts';
import { isAlive, signal } from './process-identity.ts';
import { recordedVms, removeVmDir, stateDirPaths, vmPaths } from './state-dir.ts';
import { VmClient } from './vm-client.ts';
import type { VmRecord } from './vm-protocol.ts';

const EXIT_LIMIT_MS = 3000;
const EXIT_POLL_MS = 20;

/**
 * Ends every VM recorded there, its guest service, its namespace and its veth. Idempotent. Processes are found by pid
 * and start time, so nobody else's is ever hit.
 */
export async function destroyVms(stateDir: string): Promise<void> {
  for (const { dir, record } of await recordedVms(stateDir)) {
    await endVmProcess(dir, record);
    if (record.guest !== null) await signal(record.guest, 'SIGKILL');
    const { vm, host } = record;
    if (vm.network !== null && host !== null)
      await linuxGuestNetwork(host, systemRunner).destroy({ ...vm, network: vm.network });
    await removeVmDir(dir);
    // It may be started anew with the same state directory.
    await rm(stateDirPaths(stateDir).started(vm.vmId), { force: true });
  }
}

async function endVmProcess(dir: string, record: VmRecord): Promise<void> {
  const client = await VmClient.connect(vmPaths(dir).socket).catch(() => undefined);
  await client?.quit().catch(() => undefined);
  client?.close();
  for (const deadline = Date.now() + EXIT_LIMIT_MS; Date.now() < deadline; ) {
    if (!(await isAlive(record.process))) return;
    await new Promise((resolve) => setTimeout(resolve, EXIT_POLL_MS));
  }
  await signal(record.process, 'SIGKILL');
}
