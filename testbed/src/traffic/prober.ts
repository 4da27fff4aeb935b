/** Watches whether an address answers, every few milliseconds; what it sees as silence is the outage of a user. */
import { type Gap, gaps, longestGap } from './aggregate.ts';
import type { Endpoint } from './flows.ts';
import type { Echo, Window } from './sample.ts';
import { type Spawner, startTraffic, type TrafficProcess } from './traffic-process.ts';

const PERIOD_MS = 5;
/** Half an hour at 5 ms; older ones are dropped. */
const ECHOES_MAX = 360_000;

export interface Prober {
  readonly name: string;
  /** Answers in the order they came. */
  readonly echoes: readonly Echo[];
  /** Probes sent so far. */
  readonly sent: number;
  gaps(minMs: number): readonly Gap[];
  longestGap(window?: Window): Gap | null;
  stop(): Promise<void>;
}

export interface ProberOptions {
  readonly name: string;
  /** Where the prober runs. */
  readonly namespace: string;
  /** The echo service it asks. */
  readonly ip: string;
  readonly port: number;
  readonly periodMs?: number;
}

export async function startEchoProber(lab: Spawner, options: ProberOptions): Promise<Prober> {
  const echoes: Echo[] = [];
  let sent = 0;
  const process = await startTraffic(lab, {
    name: options.name,
    namespace: options.namespace,
    program: 'echo-prober',
    options: { ip: options.ip, port: options.port, periodMs: options.periodMs ?? PERIOD_MS },
    onEvent: (event) => {
      if (event.kind !== 'echoes') return;
      sent = event.sent;
      for (const [seq, sentMs, receivedMs] of event.answers) echoes.push({ seq, sentMs, receivedMs });
      if (echoes.length > ECHOES_MAX) echoes.splice(0, echoes.length - ECHOES_MAX);
    },
  });
  return {
    name: options.name,
    echoes,
    get sent() {
      return sent;
    },
    gaps: (minMs) => gaps(echoes, minMs),
    longestGap: (window) => longestGap(echoes, window),
    stop: () => process.stop(),
  };
}

/** An echo service for places that have none of their own. */
export const startEchoResponder = (
  lab: Spawner,
  at: Endpoint & { readonly port?: number },
): Promise<TrafficProcess> =>
  startTraffic(lab, {
    name: `echo responder ${at.ip}`,
    namespace: at.namespace,
    program: 'echo-responder',
    options: { ip: at.ip, port: at.port ?? 0 },
  });
