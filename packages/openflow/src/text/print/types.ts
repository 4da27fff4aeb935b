/** The parts of messages of every version, as one type each. */
import type { Message } from '../../codec.ts';
import type * as of10 from '../../generated/of10/index.ts';
import type * as of11 from '../../generated/of11/index.ts';
import type * as of12 from '../../generated/of12/index.ts';
import type * as of13 from '../../generated/of13/index.ts';
import type * as of14 from '../../generated/of14/index.ts';
import type * as of15 from '../../generated/of15/index.ts';
import type { Version } from '../../versions.ts';

export type AnyMessage = Message<Version>;
export type AnyAction = of10.Action | of11.Action | of12.Action | of13.Action | of14.Action | of15.Action;
export type AnyInstruction =
  | of11.Instruction
  | of12.Instruction
  | of13.Instruction
  | of14.Instruction
  | of15.Instruction;
export type AnyBucket =
  | of11.Bucket
  | of12.Bucket
  | of13.Bucket
  | of14.Bucket
  | of15.Bucket
  | Extract<AnyMessage, { readonly type: 'nx_group_mod' }>['buckets'][number];

/** The messages of one type in all versions. */
export type Of<T extends AnyMessage['type']> = Extract<AnyMessage, { readonly type: T }>;
/** The actions of one type in all versions. */
export type ActionOf<T extends AnyAction['type']> = Extract<AnyAction, { readonly type: T }>;
