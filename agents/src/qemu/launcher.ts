/** The command that starts the machine of a guest that is to arrive, and leaves its record. */
import { execFile } from 'node:child_process';
import { DriverFailure } from '../hypervisor.ts';
import { guestRecordSchema } from './guest-record.ts';

/** A launcher starts one process and waits for its monitor. */
const LAUNCH_LIMIT_MS = 30_000;
const LAUNCH_OUTPUT_MAX = 64 * 1024;

/** @throws DriverFailure 'unsupported' without a command, 'internal' with what it said */
export async function launchIncoming(launcher: readonly string[] | null, vmId: string): Promise<void> {
  const [command, ...args] = launcher ?? [];
  if (command === undefined)
    throw new DriverFailure(
      'unsupported',
      `no incoming QEMU of ${vmId} waits here, and no launcher is configured`,
    );
  const output = await new Promise<string>((resolve, reject) => {
    const options = { timeout: LAUNCH_LIMIT_MS, maxBuffer: LAUNCH_OUTPUT_MAX, encoding: 'utf8' } as const;
    execFile(command, [...args, vmId], options, (cause, stdout, stderr) => {
      if (cause === null) resolve(stdout);
      else {
        const why = stderr.trim() || cause.message;
        reject(new DriverFailure('internal', `the launcher of ${vmId} failed: ${why}`, { cause }));
      }
    });
  });
  try {
    guestRecordSchema.parse(JSON.parse(output));
  } catch (cause) {
    throw new DriverFailure('internal', `the launcher of ${vmId} printed no guest record`, { cause });
  }
}
