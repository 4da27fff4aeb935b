/**
 * Idempotency-Key: the same key with the same body stands for the same migration, also after a restart, because the
 * key is in the store before the core is asked. A refused request gives its key back.
 */
import { createHash } from 'node:crypto';
import type { Answer, MigrationId } from '../core/index.ts';
import type { Store } from '../store/index.ts';
import { Problem } from './problem.ts';

export const KEY_LENGTH_MAX = 255;

export type Admission =
  | { readonly kind: 'admitted'; readonly migrationId: MigrationId; readonly repeated: boolean }
  | { readonly kind: 'refused'; readonly answer: Extract<Answer, { ok: false }> };

interface Attempt {
  readonly key: string;
  /** What was parsed, so that spacing and order of fields do not matter. */
  readonly body: unknown;
  readonly migrationId: MigrationId;
  readonly exists: (id: MigrationId) => boolean;
  readonly admit: (id: MigrationId) => Promise<Answer>;
}

export class Idempotency {
  readonly #store: Store;
  /** Requests with the same key wait for each other. */
  readonly #busy = new Map<string, Promise<unknown>>();

  constructor(store: Store) {
    this.#store = store;
  }

  async once(attempt: Attempt): Promise<Admission> {
    const before = this.#busy.get(attempt.key);
    const mine = (before ?? Promise.resolve()).catch(() => {}).then(() => this.#once(attempt));
    this.#busy.set(attempt.key, mine);
    try {
      return await mine;
    } finally {
      if (this.#busy.get(attempt.key) === mine) this.#busy.delete(attempt.key);
    }
  }

  async #once({ key, body, migrationId, exists, admit }: Attempt): Promise<Admission> {
    const bodyHash = createHash('sha256').update(JSON.stringify(body)).digest('hex');
    const holder = await this.#store.claimIdempotencyKey(key, { migrationId, bodyHash });
    if (holder && holder.bodyHash !== bodyHash) throw keyReused(holder.migrationId);
    // A holder without a migration: the process ended between the two writes. The id is still good.
    const id = (holder?.migrationId ?? migrationId) as MigrationId;
    if (holder && exists(id)) return { kind: 'admitted', migrationId: id, repeated: true };
    try {
      const answer = await admit(id);
      if (answer.ok) return { kind: 'admitted', migrationId: id, repeated: false };
      await this.#store.releaseIdempotencyKey(key);
      return { kind: 'refused', answer };
    } catch (error) {
      await this.#store.releaseIdempotencyKey(key).catch(() => {});
      throw error;
    }
  }
}

const keyReused = (migrationId: string): Problem =>
  new Problem({
    status: 422,
    code: 'idempotency_key_reused',
    title: 'The Idempotency-Key stands for another request',
    detail: `this key was used with another body, which became migration ${migrationId}`,
    fix: 'Send a new key with a new request; send the same key only to repeat the same one.',
    facts: { migrationId },
  });
