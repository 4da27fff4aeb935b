/**
 * The destination of an interrupted post-copy, found by an agent that has started meanwhile: its QEMU's main loop waits
 * for a page that cannot come and answers no newcomer. Through its pipe it can be made to listen again; once memory
 * comes it answers, and is taken up like every other guest.
 */
import type { PortRange } from './free-ports.ts';
import type { FoundRecord } from './guest-record.ts';
import { readOngoing } from './ongoing.ts';
import { UrgentPipe } from './qmp/index.ts';
import { listenAgain } from './recovery.ts';

/** QEMU answers within milliseconds, on a busy machine within a tenth of a second. */
const ANSWER_LIMIT_MS = 1000;

export class StandingGuests {
  readonly #pipes = new Map<string, { readonly migrationId: string; readonly pipe: UrgentPipe }>();
  readonly #opening: (path: string) => Promise<UrgentPipe>;

  constructor(opening: (path: string) => Promise<UrgentPipe> = (path) => UrgentPipe.open(path)) {
    this.#opening = opening;
  }

  /** One that may be such is not waited for as long as others: the agent is needed for it. */
  async limitsFor(found: FoundRecord): Promise<{ readonly connectLimitMs?: number }> {
    return (await arriving(found)) === undefined ? {} : { connectLimitMs: ANSWER_LIMIT_MS };
  }

  /** Whether this guest, which does not answer, is one; from then on it can be reached by its migration. */
  async notice(found: FoundRecord): Promise<boolean> {
    const one = await arriving(found);
    if (one === undefined) return false;
    const { vmId } = found.record;
    if (!this.#pipes.has(vmId))
      this.#pipes.set(vmId, { migrationId: one.migrationId, pipe: await this.#opening(one.urgentPipe) });
    return true;
  }

  /** It answers again, or has ended. */
  forget(vmId: string): void {
    this.#pipes.get(vmId)?.pipe.close();
    this.#pipes.delete(vmId);
  }

  /** The way to the guest of this migration; undefined: it is none of these. */
  recovery(
    migrationId: string,
    at: { readonly listenIp: string; readonly ports: PortRange },
  ): Promise<{ readonly ip: string; readonly port: number }> | undefined {
    const one = [...this.#pipes.values()].find((each) => each.migrationId === migrationId);
    return one && listenAgain((command, args) => one.pipe.execute(command, args), at);
  }

  /** Their VMs. */
  names(): readonly string[] {
    return [...this.#pipes.keys()];
  }
}

async function arriving(
  found: FoundRecord,
): Promise<{ readonly migrationId: string; readonly urgentPipe: string } | undefined> {
  const { urgentPipe } = found.record;
  const ongoing = urgentPipe === null ? undefined : await readOngoing(found);
  return urgentPipe !== null && ongoing?.side === 'destination'
    ? { migrationId: ongoing.migrationId, urgentPipe }
    : undefined;
}
