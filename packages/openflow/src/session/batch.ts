/** A batch: messages, then one barrier. Errors find their message by xid. */
import type { Message } from '../codec.ts';
import { describeError } from '../errors.ts';
import type { ErrorMessage } from '../generated/of13/index.ts';
import type { Version } from '../versions.ts';
import type { Connection } from './connection.ts';
import { BatchError, type BatchRefusal } from './failures.ts';

export class Batches {
  private readonly owners = new Map<number, { readonly batch: Batch; readonly index: number }>();

  /** Registers the messages under their xids. */
  open(messages: readonly Message<Version>[]): Batch {
    return new Batch(messages, this.owners);
  }

  /** True when the error, of the agreed version, belongs to a message of an open batch. */
  take(error: ErrorMessage, xid: number, version: Version): boolean {
    const owner = this.owners.get(xid);
    if (owner === undefined) return false;
    owner.batch.refused(owner.index, xid, error, version);
    return true;
  }
}

export class Batch {
  private readonly refusals: BatchRefusal[] = [];
  private readonly xids: number[] = [];

  constructor(
    private readonly messages: readonly Message<Version>[],
    private readonly owners: Map<number, { readonly batch: Batch; readonly index: number }>,
  ) {}

  /** Sends every message, as `wrapped` makes it, as fast as the switch reads. Throws EncodeError, the rest unsent. */
  async send(
    connection: Connection,
    wrapped: (message: Message<Version>, xid: number) => Message<Version> = (message) => message,
  ): Promise<void> {
    for (const [index, message] of this.messages.entries()) {
      if (!connection.isReady) await connection.ready();
      const xid = connection.nextXid();
      this.xids.push(xid);
      this.owners.set(xid, { batch: this, index });
      connection.send(wrapped(message, xid), xid);
    }
  }

  refused(index: number, xid: number, error: ErrorMessage, version: Version): void {
    const message = this.messages[index];
    if (message === undefined) return;
    const { ofType, ofCode, name } = describeError(error, version);
    this.refusals.push({ index, xid, ofType, ofCode, name, message });
  }

  close(): void {
    for (const xid of this.xids) this.owners.delete(xid);
  }

  /** Throws BatchError when anything was refused. */
  verdict(): void {
    if (this.refusals.length > 0) throw new BatchError(this.refusals);
  }
}
