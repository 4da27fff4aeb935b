/**
 * Reports on their way to the controller, in order, kept while Redis is away. Bounded: a heartbeat is worth nothing
 * once there is a newer one, so old heartbeats go first.
 */
import type { AgentReport, ReportEnvelope } from './contract/index.ts';

/** About four minutes of heartbeats, or the events of some twenty migrations. */
export const REPORTS_KEPT_MAX = 500;
const RETRY_MS = 200;

export interface ReportOutbox {
  publish(report: AgentReport): void;
  /** Resolves when nothing is waiting any more, or after the time is up. */
  flush(limitMs: number): Promise<void>;
  close(): void;
}

export function reportOutbox(options: {
  readonly hostId: string;
  readonly bootId: string;
  /** Appends one entry to the report stream; rejects while Redis is away. */
  readonly send: (json: string) => Promise<unknown>;
  /** Told once per outage and once at its end. */
  readonly onOutage: (outage: { readonly kind: 'began' | 'ended'; readonly dropped: number }) => void;
}): ReportOutbox {
  const { hostId, bootId, send, onOutage } = options;
  const waiting: ReportEnvelope[] = [];
  let seq = 0;
  let dropped = 0;
  let away = false;
  let sending = false;
  let closed = false;
  let retry: NodeJS.Timeout | undefined;

  async function drain(): Promise<void> {
    if (sending || closed) return;
    sending = true;
    try {
      for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
        await send(JSON.stringify(first));
        if (waiting[0] === first) waiting.shift();
        if (away) onOutage({ kind: 'ended', dropped });
        away = false;
        dropped = 0;
      }
    } catch {
      if (!away) onOutage({ kind: 'began', dropped });
      away = true;
      if (!closed) retry = setTimeout(() => void drain(), RETRY_MS);
    } finally {
      sending = false;
    }
  }

  return {
    publish(report) {
      if (waiting.length >= REPORTS_KEPT_MAX) {
        const heartbeat = waiting.findIndex((envelope) => envelope.report.kind === 'nic_load');
        waiting.splice(Math.max(0, heartbeat), 1);
        dropped += 1;
      }
      waiting.push({ hostId, bootId, seq, report });
      seq += 1;
      void drain();
    },
    async flush(limitMs) {
      for (const deadline = Date.now() + limitMs; waiting.length > 0 && Date.now() < deadline; ) {
        await new Promise((resolve) => setTimeout(resolve, 10));
        void drain();
      }
    },
    close() {
      closed = true;
      clearTimeout(retry);
    },
  };
}
