/** Starts one of the traffic programs in a namespace and waits until it says that it is ready. */
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { LabFailure } from '../lab/lab-failure.ts';
import type { LabProcess, SpawnOptions } from '../lab/lab-process.ts';
import { poll } from '../lab/poll.ts';

export interface Spawner {
  spawnNode(options: Omit<SpawnOptions, 'command'> & { readonly entry: string }): LabProcess;
}

/** What measures must not wait for what is measured. */
const NICENESS = -5;
const READY_TIMEOUT_MS = 15_000;

const eventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready'), port: z.number().int().optional() }),
  z.object({
    kind: z.literal('sample'),
    sinceMs: z.number(),
    atMs: z.number(),
    bytes: z.number(),
    packets: z.number(),
    lost: z.number(),
  }),
  z.object({
    kind: z.literal('echoes'),
    atMs: z.number(),
    sent: z.number(),
    answers: z.array(z.tuple([z.number(), z.number(), z.number()])),
  }),
  z.object({ kind: z.literal('frames'), changes: z.array(z.tuple([z.number(), z.number()])) }),
  z.object({ kind: z.literal('failed'), problem: z.string() }),
]);
export type TrafficEvent = z.output<typeof eventSchema>;

export interface TrafficProcess {
  readonly name: string;
  /** The port it serves, where it serves one. */
  readonly port: number;
  /** Why it ended before it was stopped; null while all is well. */
  readonly problem: string | null;
  stop(): Promise<void>;
}

export interface TrafficOptions {
  readonly name: string;
  readonly namespace: string | undefined;
  /** File name in this folder, without extension. */
  readonly program: string;
  readonly options: object;
  readonly onEvent?: (event: TrafficEvent) => void;
}

export async function startTraffic(lab: Spawner, traffic: TrafficOptions): Promise<TrafficProcess> {
  let ready: { port: number } | null = null;
  let problem: string | null = null;
  const child = lab.spawnNode({
    name: traffic.name,
    ...(traffic.namespace === undefined ? {} : { namespace: traffic.namespace }),
    niceness: NICENESS,
    entry: programPath(traffic.program),
    args: [JSON.stringify(traffic.options)],
    onLine: (line) => {
      const event = parseEvent(line);
      if (event === null) return;
      if (event.kind === 'ready') ready = { port: event.port ?? 0 };
      if (event.kind === 'failed') problem = event.problem;
      traffic.onEvent?.(event);
    },
  });
  const { port } = await poll(`${traffic.name} ready`, READY_TIMEOUT_MS, async () => {
    if (child.running) return ready;
    const output = problem ?? child.errorLines.join('\n');
    throw new LabFailure({ code: 'process_ended', name: traffic.name, exitCode: null, output });
  }).catch(async (cause: unknown) => {
    await child.stop();
    throw cause;
  });
  return {
    name: traffic.name,
    port,
    get problem() {
      return problem;
    },
    stop: () => child.stop(),
  };
}

/** Node runs the built files, also when this file itself is run from its source. */
const programPath = (program: string): string =>
  fileURLToPath(new URL(`../../dist/traffic/${program}.js`, import.meta.url));

function parseEvent(line: string): TrafficEvent | null {
  try {
    const parsed = eventSchema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
