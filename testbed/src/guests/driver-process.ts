/** A driver of one host's guests in a process of its own, in that host's namespace. */
import { fileURLToPath } from 'node:url';
import type { HypervisorEvent } from '@sluice/agents';
import { LabFailure } from '../lab/lab-failure.ts';
import { startProcess } from '../lab/lab-process.ts';
import { poll } from '../lab/poll.ts';
import { RUN_VARIABLE } from '../lab/run-manifest.ts';
import { type DriverOptions, type DriverWish, driverLineSchema } from './driver-orders.ts';

const ENTRY = fileURLToPath(new URL('../../dist/guests/driver-entry.js', import.meta.url));
/** Start of Node on a busy machine. */
const START_TIMEOUT_MS = 20_000;
/** Preparing an incoming guest starts a QEMU and talks to it. */
const ANSWER_TIMEOUT_MS = 40_000;
/** It cancels what it can and lets go within five seconds. */
const CLOSE_TIMEOUT_MS = 8_000;

export interface DriverProcess {
  /** @throws LabFailure `command_failed` with the driver's words, `process_ended`, `timed_out` */
  order(wish: DriverWish): Promise<unknown>;
  close(): Promise<void>;
}

export interface DriverProcessOptions {
  readonly prefix: string;
  readonly host: string;
  readonly options: DriverOptions;
  readonly onEvent: (event: HypervisorEvent) => void;
}

export async function startDriverProcess(start: DriverProcessOptions): Promise<DriverProcess> {
  const { prefix, host, options, onEvent } = start;
  const answers = new Map<number, { readonly value?: unknown; readonly problem?: string }>();
  const state = { isReady: false, lastId: 0 };
  const name = `driver of ${host}`;
  const child = startProcess(
    {
      name,
      namespace: `${prefix}-${host}`,
      command: process.execPath,
      args: [ENTRY, JSON.stringify(options)],
      onLine: (text) => {
        const line = driverLineSchema.parse(JSON.parse(text));
        if (line.kind === 'ready') state.isReady = true;
        // Written by our own driver in its own type.
        else if (line.kind === 'event') onEvent(line.event as HypervisorEvent);
        else answers.set(line.id, line.kind === 'answer' ? { value: line.value } : { problem: line.problem });
      },
    },
    { [RUN_VARIABLE]: prefix },
  );
  const whileRunning = <T>(what: string, timeoutMs: number, look: () => T | null): Promise<T> =>
    poll(what, timeoutMs, async () => {
      const found = look();
      if (found === null && !child.running)
        throw new LabFailure({
          code: 'process_ended',
          name,
          exitCode: null,
          output: child.errorLines.join('\n'),
        });
      return found;
    });
  const close = async (): Promise<void> => {
    child.endInput();
    await poll('the end of the driver', CLOSE_TIMEOUT_MS, async () => (child.running ? null : true)).catch(
      () => child.stop(),
    );
  };
  await whileRunning(`${name} ready`, START_TIMEOUT_MS, () => (state.isReady ? true : null)).catch(
    async (cause: unknown) => {
      await close();
      throw cause;
    },
  );
  return {
    async order(wish) {
      state.lastId += 1;
      const id = state.lastId;
      child.write(JSON.stringify({ ...wish, id }));
      const answer = await whileRunning(
        `${wish.kind} on ${host}`,
        ANSWER_TIMEOUT_MS,
        () => answers.get(id) ?? null,
      );
      answers.delete(id);
      if (answer.problem === undefined) return answer.value;
      throw new LabFailure({
        code: 'command_failed',
        command: `${wish.kind} on ${host}`,
        exitCode: 1,
        output: answer.problem,
      });
    },
    close,
  };
}
