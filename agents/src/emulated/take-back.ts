/** The operator's decision about a copy that stayed paused because the destination could not be asked. */
import { stateDirPaths, vmPaths } from './state-dir.ts';
import { VmClient } from './vm-client.ts';

/** Runs it again. The operator knows that the other copy does not run; nobody else can. @throws VmControlFailure */
export async function takeBackVm(stateDir: string, vmId: string): Promise<void> {
  const client = await VmClient.connect(vmPaths(stateDirPaths(stateDir).vm(vmId)).socket);
  try {
    await client.takeBack();
  } finally {
    client.close();
  }
}
