/** The destination of an interrupted post-copy listens again: by urgent commands alone, and asking nothing first. */
import { DriverFailure } from '../hypervisor.ts';
import { freePorts, type PortRange, tryPorts } from './free-ports.ts';
import { QmpError } from './qmp/index.ts';

/** QEMU takes an instant to let go of a connection. */
const PAUSE_LIMIT_MS = 5000;
const PAUSE_PERIOD_MS = 20;

/** QEMU's refusal to recover what is not, or not yet, interrupted. */
const NOT_PAUSED = /paused/i;
/** Its refusal to interrupt where no post-copy runs. */
const NOT_RUNNING = /only supported during postcopy/i;

/** Carried out also while QEMU's main loop stands still. */
export type Urgently = (command: string, args?: Readonly<Record<string, unknown>>) => Promise<unknown>;

/**
 * Whether there is a connection to let go of. The source may have noticed first: then QEMU has let go, or finds the
 * connection closed ("Failed to pause") and is about to.
 */
export async function interrupt(urgently: Urgently): Promise<boolean> {
  try {
    await urgently('migrate-pause');
    return true;
  } catch (error) {
    if (!(error instanceof QmpError) || error.code !== 'refused') throw error;
    return !NOT_RUNNING.test(error.desc ?? '');
  }
}

/** @throws DriverFailure 'busy' when nothing was interrupted here */
export async function listenAgain(
  urgently: Urgently,
  { listenIp, ports }: { readonly listenIp: string; readonly ports: PortRange },
): Promise<{ readonly ip: string; readonly port: number }> {
  const isInterrupting = await interrupt(urgently);
  const deadline = performance.now() + (isInterrupting ? PAUSE_LIMIT_MS : 0);
  return tryPorts(async () => {
    const [port] = await freePorts(listenIp, ports);
    await recover(urgently, `tcp:${listenIp}:${port}`, deadline);
    return { ip: listenIp, port };
  });
}

async function recover(urgently: Urgently, uri: string, deadline: number): Promise<void> {
  for (;;) {
    try {
      await urgently('migrate-recover', { uri });
      return;
    } catch (error) {
      if (!(error instanceof QmpError) || !NOT_PAUSED.test(error.desc ?? '')) throw error;
      if (performance.now() > deadline)
        throw new DriverFailure('busy', `nothing to recover: ${error.message}`, { cause: error });
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_PERIOD_MS));
  }
}
