/** Follows the port of a guest: how many frames it had sent by when. */
import { type Spawner, startTraffic } from './traffic-process.ts';

export interface PortWatch {
  /** In order of time; a device that comes anew counts from 0, one that is gone has -1. */
  readonly changes: readonly { readonly atMs: number; readonly frames: number }[];
  stop(): Promise<void>;
}

/** `pid`: any process in the namespace of the device, which may come and go. */
export async function watchPort(
  lab: Spawner,
  { name, pid, device }: { readonly name: string; readonly pid: number; readonly device: string },
): Promise<PortWatch> {
  const changes: { atMs: number; frames: number }[] = [];
  const process = await startTraffic(lab, {
    name,
    namespace: undefined,
    program: 'port-watch',
    options: { pid, device },
    onEvent: (event) => {
      if (event.kind !== 'frames') return;
      for (const [atMs, frames] of event.changes) changes.push({ atMs, frames });
      if (changes.length > CHANGES_MAX) changes.splice(0, changes.length - CHANGES_MAX);
    },
  });
  return { changes, stop: () => process.stop() };
}

/** Some minutes of a guest that answers every millisecond. */
const CHANGES_MAX = 300_000;
