/**
 * Layout of an agent's state directory. What lies in it outlives the agent:
 *   vms/VMID/vm.json, vms/VMID/control.sock   a VM that runs here (without vm.json: an incoming copy)
 *   started/VMID                              the configuration's VM was started once; it may have moved away
 *   log/NAME.log                              what the processes printed
 *   nic.json                                  what the NIC holds for each migration
 *   epoch                                     highest controller epoch seen
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type VmRecord, vmRecordSchema } from './vm-protocol.ts';

export const vmPaths = (dir: string) => ({
  record: join(dir, 'vm.json'),
  socket: join(dir, 'control.sock'),
});

export const stateDirPaths = (stateDir: string) => ({
  vms: join(stateDir, 'vms'),
  vm: (vmId: string) => join(stateDir, 'vms', vmId),
  log: (name: string) => join(stateDir, 'log', `${name}.log`),
  started: (vmId: string) => join(stateDir, 'started', vmId),
  nic: join(stateDir, 'nic.json'),
  epoch: join(stateDir, 'epoch'),
});

export interface FoundVm {
  readonly dir: string;
  readonly record: VmRecord;
}

/** VMs recorded in a state directory, whether or not their processes still live. */
export async function recordedVms(stateDir: string): Promise<FoundVm[]> {
  const { vms, vm } = stateDirPaths(stateDir);
  const names = await readdir(vms).catch(() => [] as string[]);
  const found = await Promise.all(names.map((name) => readVm(vm(name))));
  return found.filter((entry) => entry !== undefined);
}

export async function readVm(dir: string): Promise<FoundVm | undefined> {
  const text = await readFile(vmPaths(dir).record, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return { dir, record: vmRecordSchema.parse(JSON.parse(text)) };
  } catch {
    return undefined; // Half-written by a process that was killed: nothing to adopt.
  }
}

export async function markStarted(stateDir: string, vmId: string): Promise<void> {
  const path = stateDirPaths(stateDir).started(vmId);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, '');
}

export async function wasStarted(stateDir: string, vmId: string): Promise<boolean> {
  const names = await readdir(join(stateDir, 'started')).catch(() => [] as string[]);
  return names.includes(basename(vmId));
}

export const removeVmDir = (dir: string): Promise<void> => rm(dir, { recursive: true, force: true });
