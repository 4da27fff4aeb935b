/** The commands of ovs-ofctl that make messages from text. */
import type { Message } from '../codec.ts';
import {
  type FlowCommand,
  type FlowFormat,
  type GroupCommand,
  type MeterCommand,
  parseFlowMods,
  parseGroupMods,
  parseMeterMod,
  parsePacketOut,
} from '../text/parse/index.ts';
import type { Version } from '../versions.ts';

export interface EncodeOptions {
  readonly version: Version;
  /** --strict: of mod-flows and del-flows. */
  readonly isStrict: boolean;
  /** --may-create: of mod-group. */
  readonly mayCreate: boolean;
  readonly flowFormat: FlowFormat | undefined;
}

type Maker = (text: string, options: EncodeOptions) => readonly Message<Version>[];

const flows =
  (command: FlowCommand, strict: FlowCommand = command): Maker =>
  (text, { version, isStrict, flowFormat }) =>
    parseFlowMods(text, {
      version,
      command: isStrict ? strict : command,
      ...(flowFormat === undefined ? {} : { flowFormat }),
    });

const groups =
  (command: GroupCommand): Maker =>
  (text, { version, mayCreate }) =>
    parseGroupMods(text, { version, command: command === 'modify' && mayCreate ? 'add_or_mod' : command });

const meter =
  (command: MeterCommand): Maker =>
  (text, { version }) => [parseMeterMod(text, { version, command })];

export const MAKERS: ReadonlyMap<string, Maker> = new Map(
  Object.entries({
    'add-flow': flows('add'),
    'add-flows': flows('add'),
    'mod-flows': flows('modify', 'modify_strict'),
    'del-flows': flows('delete', 'delete_strict'),
    'add-group': groups('add'),
    'add-groups': groups('add'),
    'mod-group': groups('modify'),
    'del-groups': groups('delete'),
    'insert-buckets': groups('insert_bucket'),
    'remove-buckets': groups('remove_bucket'),
    'add-meter': meter('add'),
    'mod-meter': meter('modify'),
    'del-meter': meter('delete'),
    'del-meters': meter('delete'),
    'packet-out': (text, { version }) => parsePacketOut(text, { version }),
  }),
);
