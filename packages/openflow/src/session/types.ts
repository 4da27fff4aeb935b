/** How the messages of a version are typed in sessions. */
import type { Message } from '../codec.ts';
import type { Replies as Replies10 } from '../generated/of10/messages.ts';
import type { Replies as Replies11 } from '../generated/of11/messages.ts';
import type { Replies as Replies12 } from '../generated/of12/messages.ts';
import type { Replies as Replies13 } from '../generated/of13/messages.ts';
import type { Replies as Replies14 } from '../generated/of14/messages.ts';
import type { Replies as Replies15 } from '../generated/of15/messages.ts';
import type { Version } from '../versions.ts';

interface RepliesByVersion {
  readonly '1.0': Replies10;
  readonly '1.1': Replies11;
  readonly '1.2': Replies12;
  readonly '1.3': Replies13;
  readonly '1.4': Replies14;
  readonly '1.5': Replies15;
}

/** The messages of V that carry this tag. */
export type MessageOf<V extends Version, T extends string> = Extract<Message<V>, { readonly type: T }>;

/** What answers the request M in the versions V. */
export type ReplyTo<M extends Message<V>, V extends Version = '1.3'> = V extends Version
  ? M extends { readonly type: infer T extends keyof RepliesByVersion[V] }
    ? RepliesByVersion[V][T]
    : Message<V>
  : never;

export interface RequestOptions {
  /** Milliseconds until the request rejects as timed out. */
  readonly timeoutMs?: number;
}
