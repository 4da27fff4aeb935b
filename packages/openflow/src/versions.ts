/** The versions of the protocol: their names, their numbers on the wire, their messages and codecs. */
import { type KnownMessage as Message10, codec as of10 } from './generated/of10/messages.ts';
import { type KnownMessage as Message11, codec as of11 } from './generated/of11/messages.ts';
import { type KnownMessage as Message12, codec as of12 } from './generated/of12/messages.ts';
import { type KnownMessage as Message13, codec as of13 } from './generated/of13/messages.ts';
import { type KnownMessage as Message14, codec as of14 } from './generated/of14/messages.ts';
import { type KnownMessage as Message15, codec as of15 } from './generated/of15/messages.ts';
import type { VersionCodec } from './runtime/version-codec.ts';

export interface MessagesByVersion {
  readonly '1.0': Message10;
  readonly '1.1': Message11;
  readonly '1.2': Message12;
  readonly '1.3': Message13;
  readonly '1.4': Message14;
  readonly '1.5': Message15;
}

export type Version = keyof MessagesByVersion;

/** A message that the versions V name. */
export type KnownMessage<V extends Version = '1.3'> = MessagesByVersion[V];

/** From old to new. */
export const VERSIONS: readonly Version[] = ['1.0', '1.1', '1.2', '1.3', '1.4', '1.5'];

/** What stands in the header: 1 for 1.0, 6 for 1.5. */
export const wireVersion = (version: Version): number => VERSIONS.indexOf(version) + 1;

/** The version of a number on the wire; undefined for one that this library does not speak. */
export const versionOf = (wire: number): Version | undefined => VERSIONS[wire - 1];

export type AnyCodec = VersionCodec<KnownMessage<Version>>;

/** Every version's codec takes its own messages only; encodeMessage asks whether a message is one of them. */
const CODECS = [of10, of11, of12, of13, of14, of15] as readonly unknown[] as readonly AnyCodec[];

export const codecOf = (wire: number): AnyCodec | undefined => CODECS[wire - 1];
