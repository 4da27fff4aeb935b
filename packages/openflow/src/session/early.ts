/** What a switch says before its listeners are there: kept in order, up to a bound. */
import type { Message } from '../codec.ts';
import type { Version } from '../versions.ts';

/** Older messages give way, and are counted: a busy switch says thousands, and must get in all the same. */
const EARLY_MESSAGES_MAX = 4096;

export class Early {
  /** Messages that gave way. */
  dropped = 0;
  private kept: (readonly [Message<Version>, number])[] = [];

  get messages(): readonly (readonly [message: Message<Version>, xid: number])[] {
    return this.kept;
  }

  push(message: Message<Version>, xid: number): void {
    this.kept.push([message, xid]);
    if (this.kept.length > EARLY_MESSAGES_MAX) {
      this.kept.shift();
      this.dropped += 1;
    }
  }

  /** Hands everything on, and keeps nothing. */
  deliver(take: (message: Message<Version>, xid: number) => void): void {
    for (const [message, xid] of this.kept.splice(0)) take(message, xid);
  }
}
