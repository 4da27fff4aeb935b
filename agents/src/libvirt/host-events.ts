/**
 * What libvirt tells unasked (`virsh event`): rounds, stop, resume and the statistics at the end, within milliseconds.
 * The process is started again when it ends; what was told in between is lost, so who follows a migration looks at its
 * state as well.
 */
import { type JobStats, jobStatsOf } from './virsh-output.ts';
import type { LongRun, VirshRunner } from './virsh-runner.ts';

/** A daemon that is being restarted is back within seconds. */
const RESTART_PERIOD_MS = 1000;

export type DomainEvent =
  /** A round begins; 1 is round 0. */
  | { readonly kind: 'iteration'; readonly vmId: string; readonly iteration: number }
  /** `what` and `why` in virsh's words: Suspended Migrated, Resumed Migrated, Stopped Migrated ... */
  | { readonly kind: 'lifecycle'; readonly vmId: string; readonly what: string; readonly why: string }
  | { readonly kind: 'job_completed'; readonly vmId: string; readonly stats: JobStats };

/** Takes lines, gives events: one that is followed by indented lines is whole when another line comes. */
export class EventReader {
  readonly #onEvent: (event: DomainEvent) => void;
  #open: { readonly vmId: string; readonly lines: string[] } | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(onEvent: (event: DomainEvent) => void) {
    this.#onEvent = onEvent;
  }

  take(line: string): void {
    if (/^\s+\S/.test(line) && this.#open !== undefined) {
      this.#open.lines.push(line);
      // Its lines come in one piece; nothing says which is the last.
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.close(), WHOLE_AFTER_MS).unref();
      return;
    }
    this.close();
    const [, name, vmId, rest = ''] =
      /^[0-9: .+-]*event '([a-z-]+)' for domain '(.*)':(.*)$/.exec(line) ?? [];
    if (vmId === undefined) return;
    if (name === 'job-completed') this.#open = { vmId, lines: [] };
    else if (name === 'migration-iteration') {
      const iteration = Number(/^ iteration: '(\d+)'$/.exec(rest)?.[1]);
      if (Number.isSafeInteger(iteration)) this.#onEvent({ kind: 'iteration', vmId, iteration });
    } else if (name === 'lifecycle') {
      const [, what = '', why = ''] = /^ (\S+) ?(.*)$/.exec(rest) ?? [];
      this.#onEvent({ kind: 'lifecycle', vmId, what, why });
    }
  }

  /** No line follows any more. */
  close(): void {
    clearTimeout(this.#timer);
    const whole = this.#open;
    this.#open = undefined;
    if (whole === undefined) return;
    try {
      this.#onEvent({ kind: 'job_completed', vmId: whole.vmId, stats: jobStatsOf(whole.lines) });
    } catch {
      // Statistics that we cannot read are none; who waits for them says so.
    }
  }
}
const WHOLE_AFTER_MS = 20;

export interface HostEvents {
  stop(): Promise<void>;
}

export function followEvents(
  runner: VirshRunner,
  onEvent: (event: DomainEvent) => void,
  onLost: (words: string) => void,
): HostEvents {
  let isOver = false;
  let run: LongRun | undefined;
  let timer: NodeJS.Timeout | undefined;
  const begin = (): void => {
    const reader = new EventReader(onEvent);
    run = runner.follow(['event', '--all', '--loop', '--timestamp'], (line) => reader.take(line));
    void run.ended.then(({ words }) => {
      reader.close();
      if (isOver) return;
      onLost(words);
      timer = setTimeout(begin, RESTART_PERIOD_MS);
    });
  };
  begin();
  return {
    async stop() {
      isOver = true;
      clearTimeout(timer);
      run?.stop();
      await run?.ended;
    },
  };
}
