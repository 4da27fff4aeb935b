/**
 * Talks to the program inside a guest over the guest's second serial port, whose other end is a socket file on the
 * host: that needs no network, so it works in every namespace and disturbs no measurement. Half of a line may be lost
 * in a migration; every request has a number and is sent again until its answer comes.
 */
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { GuestFailure } from './guest-failure.ts';
import { guestFiles } from './guest-files.ts';
import type { GuestLoad } from './guest-spec.ts';

/** An answer takes milliseconds, so the first repetition comes soon; checking much memory takes seconds, so later ones wait. */
const RESEND_FIRST_MS = 200;
const RESEND_MAX_MS = 4_000;
const ANSWER_TIMEOUT_MS = 20_000;
const CONNECT_RETRY_MS = 20;
/** Longer than every answer. */
const LINE_MAX = 4_096;

const statusSchema = z.object({
  uptimeSec: z.number(),
  memoryBytes: z.number(),
  pagesPerSec: z.number(),
  workingSetBytes: z.number(),
  pattern: z.enum(['cyclic', 'random', 'hot_cold']),
  writeBytes: z.number(),
  writtenPages: z.number(),
  /** Due while it was stalled for more than half a second, and not made up for. */
  skippedPages: z.number(),
  /** By the guest's own timer, which stops with its processor: the downtime of a stop-and-copy is not in it. */
  longestStallMs: z.number(),
  stallEndedAtSec: z.number(),
  /** 0: it has no disk. */
  diskBlocks: z.number(),
  diskBlocksPerSec: z.number(),
  diskWrittenBlocks: z.number(),
  diskFailedWrites: z.number(),
});
export type GuestStatus = z.output<typeof statusSchema>;

const verdictSchema = statusSchema.extend({
  checkedPages: z.number(),
  wrongPages: z.number(),
  /** -1: none. */
  firstWrongPage: z.number(),
  /** Whether the counts of all pages add up to the number of writes. */
  sequenceMatches: z.boolean(),
  diskCheckedBlocks: z.number(),
  diskWrongBlocks: z.number(),
});
/** What a guest says after it has read all its memory and its disk. */
export type GuestVerdict = z.output<typeof verdictSchema>;

export const isUnharmed = (verdict: GuestVerdict): boolean =>
  verdict.wrongPages === 0 &&
  verdict.sequenceMatches &&
  verdict.diskWrongBlocks === 0 &&
  verdict.diskFailedWrites === 0;

export interface GuestControl {
  status(): Promise<GuestStatus>;
  /** Changes what is named, leaves the rest. @throws GuestFailure `refused_by_guest` */
  setLoad(change: Partial<GuestLoad>): Promise<GuestStatus>;
  verify(): Promise<GuestVerdict>;
  resetStall(): Promise<GuestStatus>;
  /** Makes one page wrong, to see that the check finds it. */
  spoil(page: number): Promise<GuestStatus>;
  close(): void;
}

/** Every method throws GuestFailure `no_answer` when nothing comes within `timeoutMs`. */
export function guestControl(
  folder: string,
  vmId: string,
  { timeoutMs = ANSWER_TIMEOUT_MS }: { readonly timeoutMs?: number } = {},
): GuestControl {
  const line = controlLine(guestFiles(folder, vmId).control, vmId, timeoutMs);
  const settings = (change: Partial<GuestLoad>) =>
    Object.entries(change)
      .map(([key, value]) => ` ${key}=${value}`)
      .join('');
  return {
    status: () => line.ask('status', statusSchema),
    setLoad: (change) => line.ask(`load${settings(change)}`, statusSchema),
    verify: () => line.ask('verify', verdictSchema),
    resetStall: () => line.ask('reset_stall', statusSchema),
    spoil: (page) => line.ask(`spoil ${page}`, statusSchema),
    close: () => line.close(),
  };
}

const answerSchema = z.discriminatedUnion('ok', [
  z.looseObject({ id: z.number(), ok: z.literal(true) }),
  z.looseObject({ id: z.number(), ok: z.literal(false), problem: z.string() }),
]);
type Answer = z.output<typeof answerSchema>;

interface Connection {
  readonly socket: Socket;
  readonly closed: Promise<void>;
}

interface ControlLine {
  ask<T>(request: string, schema: z.ZodType<T>): Promise<T>;
  close(): void;
}

function controlLine(path: string, vmId: string, timeoutMs: number): ControlLine {
  let current: Connection | null = null;
  let text = '';
  // Numbers of a later control of the same guest must not meet answers to an earlier one.
  let lastId = Math.floor(performance.timeOrigin + performance.now()) * 1000;
  const waiting = new Map<number, (answer: Answer) => void>();

  const take = (chunk: string): void => {
    const lines = (text + chunk).split('\n');
    text = (lines.pop() ?? '').slice(-LINE_MAX);
    for (const one of lines) {
      const answer = parseAnswer(one);
      if (answer !== null) waiting.get(answer.id)?.(answer);
    }
  };
  /** The socket comes with the process and goes with it; a migrated guest has another one at its new host. */
  const opened = (): Connection => {
    if (current !== null && !current.socket.destroyed) return current;
    const socket = connect(path);
    socket.setEncoding('utf8');
    socket.on('data', take);
    socket.on('error', () => socket.destroy());
    current = { socket, closed: new Promise((resolve) => socket.once('close', () => resolve())) };
    return current;
  };

  return {
    async ask(request, schema) {
      lastId += 1;
      const id = lastId;
      const deadline = performance.now() + timeoutMs;
      const state: { answer: Answer | null } = { answer: null };
      const came = new Promise<void>((resolve) =>
        waiting.set(id, (one) => {
          state.answer = one;
          resolve();
        }),
      );
      try {
        for (let patienceMs = RESEND_FIRST_MS; state.answer === null; patienceMs *= 1.5) {
          if (performance.now() > deadline)
            throw new GuestFailure({ code: 'no_answer', vmId, afterMs: timeoutMs });
          const connection = opened();
          // An empty line first ends what another client may have left half said.
          connection.socket.write(`\n${id} ${request}\n`);
          await waitFor(came, connection, Math.min(patienceMs, RESEND_MAX_MS, deadline - performance.now()));
        }
      } finally {
        waiting.delete(id);
      }
      if (!state.answer.ok)
        throw new GuestFailure({ code: 'refused_by_guest', vmId, problem: state.answer.problem });
      return schema.parse(state.answer);
    },
    close: () => current?.socket.destroy(),
  };
}

/** Until the answer, the end of the connection, or the time to send again. */
async function waitFor(came: Promise<void>, { closed }: Connection, timeMs: number): Promise<void> {
  const patience = new AbortController();
  const { signal } = patience;
  const late = delay(Math.max(1, timeMs), undefined, { signal }).catch(() => undefined);
  const retry = closed.then(() => delay(CONNECT_RETRY_MS, undefined, { signal }).catch(() => undefined));
  await Promise.race([came, retry, late]);
  patience.abort();
}

function parseAnswer(text: string): Answer | null {
  try {
    return answerSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
