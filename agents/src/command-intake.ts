/**
 * Commands of the controller: read from the host's stream, checked at the door, carried out once, then deleted, so
 * that the stream is empty when nothing is to be done.
 */
import { type CommandEnvelope, commandEnvelopeSchema } from './contract/index.ts';

/** Command ids remembered to recognise one that comes twice. */
export const COMMAND_IDS_KEPT_MAX = 4096;
const RETRY_MS = 200;

export interface StreamEntry {
  readonly entryId: string;
  readonly json: string | undefined;
}

export interface CommandStream {
  /** Entries after this one; waits for a while when there are none. */
  read(afterId: string): Promise<readonly StreamEntry[]>;
  delete(entryId: string): Promise<void>;
}

export type CommandRefusal =
  | { readonly kind: 'malformed'; readonly detail: string }
  | {
      readonly kind: 'stale_epoch';
      readonly epoch: number;
      readonly highest: number;
      readonly commandId: string;
    }
  | { readonly kind: 'duplicate'; readonly commandId: string };

export interface EpochStore {
  readonly highest: number;
  raise(epoch: number): Promise<void>;
}

/** Decides about one entry; pure but for the ids it remembers. */
export function commandGate(epochs: EpochStore): {
  check(
    json: string | undefined,
  ): Promise<{ readonly accepted: CommandEnvelope } | { readonly refused: CommandRefusal }>;
} {
  const seen = new Set<string>();
  return {
    async check(json) {
      const parsed = commandEnvelopeSchema.safeParse(parseJson(json));
      if (!parsed.success) {
        const detail = parsed.error.issues
          .map(({ path, message }) => `${path.join('.')}: ${message}`)
          .join('; ');
        return { refused: { kind: 'malformed', detail } };
      }
      const { commandId, epoch } = parsed.data;
      if (epoch < epochs.highest)
        return { refused: { kind: 'stale_epoch', epoch, highest: epochs.highest, commandId } };
      if (seen.has(commandId)) return { refused: { kind: 'duplicate', commandId } };
      if (epoch > epochs.highest) await epochs.raise(epoch);
      seen.add(commandId);
      // A Set keeps insertion order: the first one is the oldest.
      const [oldest] = seen.size > COMMAND_IDS_KEPT_MAX ? seen : [];
      if (oldest !== undefined) seen.delete(oldest);
      return { accepted: parsed.data };
    },
  };
}

/**
 * Reads until closed. Commands of one migration are carried out one after the other, those of different migrations
 * side by side: preparing one must not delay another's decision.
 */
export function startIntake(options: {
  readonly stream: CommandStream;
  readonly epochs: EpochStore;
  readonly carryOut: (envelope: CommandEnvelope) => Promise<void>;
  readonly onRefusal: (refusal: CommandRefusal) => void;
}): { close(): void } {
  const { stream, epochs, carryOut, onRefusal } = options;
  const gate = commandGate(epochs);
  const turns = new Map<string, Promise<void>>();
  let closed = false;

  async function take({ entryId, json }: StreamEntry): Promise<void> {
    const decision = await gate.check(json);
    if ('refused' in decision) {
      onRefusal(decision.refused);
      await remove(entryId);
      return;
    }
    const { migrationId } = decision.accepted.command;
    const turn = (turns.get(migrationId) ?? Promise.resolve())
      .then(() => carryOut(decision.accepted))
      .then(() => remove(entryId));
    turns.set(migrationId, turn);
    void turn.then(() => turns.get(migrationId) === turn && turns.delete(migrationId));
  }

  /** Deleting is repeated until it works: a left-over entry would be carried out again by the next agent. */
  async function remove(entryId: string): Promise<void> {
    for (;;) {
      try {
        return await stream.delete(entryId);
      } catch {
        if (closed) return;
        await pause();
      }
    }
  }

  async function loop(): Promise<void> {
    let after = '0';
    while (!closed) {
      try {
        for (const entry of await stream.read(after)) {
          await take(entry);
          after = entry.entryId;
        }
      } catch {
        await pause(); // Redis is away; entries stay in the stream.
      }
    }
  }

  const pause = () => new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  void loop();
  return {
    close: () => {
      closed = true;
    },
  };
}

function parseJson(json: string | undefined): unknown {
  try {
    return JSON.parse(json ?? '');
  } catch {
    return undefined;
  }
}
