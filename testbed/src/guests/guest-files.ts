/** Where everything of one host's guests lies: the folder that the host's agent reads, and what is beside each record. */
import { join } from 'node:path';

/** A unix socket's path has at most 107 characters; the longest file name here has 24 + 9. */
export const GUESTS_FOLDER_LENGTH_MAX = 72;

export interface GuestFiles {
  readonly record: string;
  /** For the agent. One socket serves one client. */
  readonly qmp: string;
  /** Also for the agent, when nothing else is answered: named pipes of this name with `.in` and `.out`. */
  readonly urgent: string;
  /** For the lab. */
  readonly labQmp: string;
  /** The other end of the guest's second serial port. */
  readonly control: string;
  readonly pid: string;
  /** What the guest's kernel and programs print. */
  readonly console: string;
  /** What QEMU prints after its start. */
  readonly log: string;
  readonly disk: string;
  /** Connects a new tap to the host's bridge; QEMU runs it with the tap's name. */
  readonly attach: string;
}

export function guestFiles(folder: string, vmId: string): GuestFiles {
  const beside = (suffix: string) => join(folder, `${vmId}${suffix}`);
  return {
    record: beside('.json'),
    qmp: beside('.sock'),
    urgent: beside('.urgent'),
    labQmp: beside('-lab.sock'),
    control: beside('-ctl.sock'),
    pid: beside('.pid'),
    console: beside('.console'),
    log: beside('.log'),
    disk: beside('.disk'),
    attach: join(folder, 'attach'),
  };
}
