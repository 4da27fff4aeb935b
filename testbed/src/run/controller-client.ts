/** The few calls of the controller's HTTP API that a story needs. Parsed at the door; only the fields used. */
import { z } from 'zod';
import type { StoryMigration } from '../story/index.ts';
import { migrationBodyOf } from './migration-body.ts';

const roundSchema = z.object({
  round: z.number(),
  phase: z.enum(['precopy', 'stop_and_copy', 'postcopy']),
  reservedBitsPerSec: z.number().nullable(),
  measuredBitsPerSec: z.number().nullable(),
  measuredFrom: z.enum(['queue', 'meter', 'nic']).nullable(),
  durationSec: z.number(),
  transferredBytes: z.number(),
  remainingBytes: z.number(),
  dirtyRateBytesPerSec: z.number(),
  energyJoule: z.number(),
});
const migrationSchema = z.object({
  id: z.string(),
  phase: z.string(),
  outcome: z.enum(['completed', 'aborted', 'failed']).nullable(),
  reason: z.string().nullable(),
  reasonDetail: z.string().nullable(),
  source: z.string(),
  mechanism: z.object({ name: z.string(), reason: z.string() }),
  path: z.array(z.string()),
  rounds: z.array(roundSchema),
  receipt: z
    .object({
      outcome: z.enum(['completed', 'aborted', 'failed']),
      reason: z.string().nullable(),
      totalTimeSec: z.number(),
      downtimeSec: z.number().nullable(),
      transferredBytes: z.number(),
      storageBytes: z.number().nullable(),
      energyJoule: z.number(),
      deadlineMet: z.boolean().nullable(),
      downtimeLimitMet: z.boolean().nullable(),
      checkedPages: z.number().nullable(),
      rounds: z.array(roundSchema),
    })
    .nullable(),
});
export type MigrationView = z.output<typeof migrationSchema>;

const eventSchema = z.object({
  type: z.string(),
  subject: z.string().nullable(),
  data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type ControllerEvent = z.output<typeof eventSchema>;

const problemSchema = z.object({
  title: z.string().optional(),
  detail: z.string().optional(),
  code: z.string().optional(),
  fix: z.string().optional(),
});

/** The controller said no, in its own words. */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused';
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

const REQUEST_TIMEOUT_MS = 5000;
/** An event is a line of JSON; a stream that sends more without an end is not ours. */
const EVENT_CHARACTERS_MAX = 100_000;

export interface ControllerClient {
  readonly url: string;
  /** VMs that run. */
  vmNames(): Promise<readonly string[]>;
  /** @throws RequestRefused with the controller's code */
  migrate(id: string, migration: StoryMigration, policy: StoryMigration['policy']): Promise<void>;
  migration(id: string): Promise<MigrationView>;
  /** Calls `onEvent` for everything the controller announces until the signal aborts or the stream ends. */
  follow(onEvent: (event: ControllerEvent) => void, signal: AbortSignal): Promise<void>;
}

export function createControllerClient(url: string): ControllerClient {
  const call = async (path: string, init: RequestInit = {}): Promise<unknown> => {
    const response = await fetch(`${url}${path}`, {
      ...init,
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    const body: unknown = await response.json().catch(() => null);
    if (response.ok) return body;
    const problem = problemSchema.safeParse(body).data ?? {};
    const text = [problem.detail ?? problem.title ?? `HTTP ${response.status}`, problem.fix]
      .filter(Boolean)
      .join('; ');
    throw new RequestRefused(problem.code ?? `http_${response.status}`, text);
  };
  return {
    url,
    async vmNames() {
      const { vms } = z
        .object({ vms: z.array(z.object({ name: z.string(), state: z.string() })) })
        .parse(await call('/v1/vms'));
      return vms.filter((vm) => vm.state === 'running').map((vm) => vm.name);
    },
    async migrate(id, migration, policy) {
      await call('/v1/migrations', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ id, ...migrationBodyOf(migration, policy) }),
      });
    },
    migration: async (id) => migrationSchema.parse(await call(`/v1/migrations/${encodeURIComponent(id)}`)),
    async follow(onEvent, signal) {
      const response = await fetch(`${url}/v1/events`, {
        headers: { accept: 'text/event-stream' },
        signal,
      });
      if (!response.ok || !response.body) throw new Error(`the event stream answered ${response.status}`);
      const decoder = new TextDecoder();
      let text = '';
      for await (const chunk of response.body) {
        text += decoder.decode(chunk, { stream: true });
        const blocks = text.split(/\r?\n\r?\n/);
        text = blocks.pop() ?? '';
        if (text.length > EVENT_CHARACTERS_MAX) throw new Error('an event without an end');
        for (const block of blocks) {
          const event = parseEvent(block);
          if (event) onEvent(event);
        }
      }
    },
  };
}

/** One block of a server-sent event; null for comments and for what is not an event of ours. */
export function parseEvent(block: string): ControllerEvent | null {
  const data = block
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5).trimStart())
    .join('\n');
  if (data === '') return null;
  try {
    return eventSchema.safeParse(JSON.parse(data)).data ?? null;
  } catch {
    return null;
  }
}
