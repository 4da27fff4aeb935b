/** `oflib encode`: the messages that ovs-ofctl would send. */
import { parseArgs } from 'node:util';
import { encodeMessage } from '../codec.ts';
import { EncodeError } from '../runtime/protocol-error.ts';
import { type FlowFormat, ParseError } from '../text/parse/index.ts';
import { VERSIONS, type Version, versionOf } from '../versions.ts';
import { MAKERS } from './commands-of-ofctl.ts';
import { CommandFailure, type Io, UsageError } from './io.ts';
import { toHex } from './json.ts';

const FLOW_FORMATS: readonly FlowFormat[] = ['OpenFlow10', 'OpenFlow10+table_id', 'NXM', 'NXM+table_id'];
const XID_MAX = 0xffffffff;

export const encode = {
  usage: 'VERSION COMMAND [TEXT] [--xid N] [--strict] [--may-create] [-F FORMAT]',
  summary: 'encode flows, groups, meters and packets in the syntax of ovs-ofctl',
  help: [
    'Prints each message in hexadecimal, one a line. VERSION is 1.3, OpenFlow13 or the number on the wire (4).',
    `COMMAND is one of ${[...MAKERS.keys()].join(', ')}.`,
    'TEXT is what ovs-ofctl takes; - reads it from standard input, where add-flows and add-groups take many lines.',
    '',
    '  --xid N        transaction id of the first message, counted up for the others; 0 unless told',
    '  --strict       mod-flows, del-flows: only the flow with this match and priority',
    '  --may-create   mod-group: add the group where there is none',
    `  -F FORMAT      for 1.0: ${FLOW_FORMATS.join(', ')}; the first that can say it unless told`,
    '',
    'For example: oflib encode 1.3 add-flow "priority=9,tcp,tcp_dst=80,actions=output:2"',
  ].join('\n'),
  run: async (args: readonly string[], io: Io): Promise<void> => {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        xid: { type: 'string', default: '0' },
        strict: { type: 'boolean', default: false },
        'may-create': { type: 'boolean', default: false },
        'flow-format': { type: 'string', short: 'F' },
      },
    });
    const [versionText = '', command = '', given = '', ...more] = positionals;
    if (positionals.length < 2 || more.length > 0)
      throw new UsageError('encode takes a version, a command and a text');
    const version = versionNamed(versionText);
    const make = MAKERS.get(command);
    if (make === undefined) throw new UsageError(`encode knows no command "${command}"`);
    const flowFormat = flowFormatNamed(values['flow-format']);
    const options = { version, isStrict: values.strict, mayCreate: values['may-create'], flowFormat };
    const xid = xidOf(values.xid);
    const text = given === '-' ? await readAll(io) : given;
    try {
      const lines = make(text, options).map((message, index) =>
        toHex(encodeMessage(message, (xid + index) % (XID_MAX + 1), version)),
      );
      await io.write(lines.map((line) => `${line}\n`).join(''));
    } catch (error) {
      if (error instanceof ParseError || error instanceof EncodeError)
        throw new CommandFailure(error.message);
      throw error;
    }
  },
};

/** `1.3`, `OpenFlow13`, `OpenFlow1.3` or the number on the wire. */
function versionNamed(text: string): Version {
  const name = /^(?:OpenFlow)?1\.?([0-5])$/i.exec(text)?.[1];
  const version =
    name === undefined ? versionOf(/^[1-6]$/.test(text) ? Number(text) : 0) : VERSIONS[Number(name)];
  if (version !== undefined) return version;
  throw new UsageError(`"${text}" is no version: ${VERSIONS.join(', ')}`);
}

function flowFormatNamed(text: string | undefined): FlowFormat | undefined {
  if (text === undefined) return undefined;
  const found = FLOW_FORMATS.find((one) => one === text.replace('-table_id', ''));
  if (found !== undefined) return found;
  throw new UsageError(`"${text}" is no flow format: ${FLOW_FORMATS.join(', ')}`);
}

function xidOf(text: string): number {
  const xid = Number(text);
  if (text !== '' && Number.isInteger(xid) && xid >= 0 && xid <= XID_MAX) return xid;
  throw new UsageError(`"${text}" is no transaction id: it is from 0 to ${XID_MAX}`);
}

/** Characters of a file of flows. */
const TEXT_CHARS_MAX = 64 * 1024 * 1024;

async function readAll({ stdin }: Io): Promise<string> {
  let text = '';
  for await (const chunk of stdin) {
    text += chunk;
    if (text.length > TEXT_CHARS_MAX)
      throw new CommandFailure(`standard input has more than ${TEXT_CHARS_MAX} characters`);
  }
  return text;
}
