/** An action as it was read, before a version is chosen; and what reading one needs. */
import type { Version } from '../../versions.ts';
import type { Usable } from './formats.ts';
import type { Problems, Word } from './parse-error.ts';

/** Any version's action; the encoder of the version checks it. */
export interface WireAction {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** Where an action stands among the instructions of 1.1 and later, in their order. */
export const STAGES = ['meter', 'apply', 'clear', 'write', 'metadata', 'goto'] as const;
export type Stage = (typeof STAGES)[number];

export interface Act {
  readonly word: Word;
  readonly stage: Stage;
  /** Actions, or for the other stages the instruction, in the version. */
  readonly encode: (version: Version) => readonly WireAction[];
  /** What the match and the actions before must have made of the packet. Throws ParseError. */
  readonly check?: (packet: PacketState, usable: Usable) => void;
}

/** What is known of the packet when an action meets it. */
export interface PacketState {
  ethType: number | undefined;
  protocol: number | undefined;
  icmp6Type: number | undefined;
  hasVlan: boolean;
  isTracked: boolean;
  /** Of the flow; undefined when it was not told. */
  readonly tableId: number | undefined;
}

export interface ActionContext {
  readonly usable: Usable;
  readonly problems: Problems;
  /** Reads actions inside of actions. */
  readonly nested: (list: Word) => readonly Act[];
}

/** An action that is the same in every version. */
export const same = (word: Word, action: WireAction, check?: Act['check']): Act => ({
  word,
  stage: 'apply',
  encode: () => [action],
  ...(check === undefined ? {} : { check }),
});

export const encodeAll = (acts: readonly Act[], version: Version): readonly WireAction[] =>
  acts.flatMap((act) => act.encode(version));

export const isBefore12 = (version: Version): boolean => version === '1.0' || version === '1.1';
