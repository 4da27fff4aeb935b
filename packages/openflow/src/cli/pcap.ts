/** `oflib pcap`: the OpenFlow messages of a capture. */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { PacketError } from '../packet/packet-error.ts';
import { readPcap } from '../packet/pcap.ts';
import { type TcpEvent, type TcpFlow, tcpStreams } from '../packet/tcp-streams.ts';
import { ProtocolError } from '../runtime/protocol-error.ts';
import { Framer, FramingError } from '../session/framer.ts';
import { VERSIONS } from '../versions.ts';
import { decodeBytes } from './decode-line.ts';
import { CommandFailure, type Io, UsageError } from './io.ts';
import { toJson } from './json.ts';
import { messageText } from './print.ts';

/** The port of OpenFlow, and the one in use before it had its own. */
const PORTS: readonly number[] = [6653, 6633];
const HEADER_BYTES = 8;

export const pcap = {
  usage: 'FILE [--json] [--port N]',
  summary: 'print the OpenFlow messages of a capture (pcap or pcapng)',
  help: [
    'Puts the TCP connections of the capture together and prints each message with its time and its endpoints.',
    `Connections count when a port is ${PORTS.join(' or ')}, or that of --port, or when they begin with a hello.`,
    '',
    '  --json     one line of JSON a message, as of decode --lines, with time, src, srcPort, dst and dstPort',
    '  --port N   another port of OpenFlow',
  ].join('\n'),
  run: async (args: readonly string[], io: Io): Promise<void> => {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false }, port: { type: 'string' } },
    });
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) throw new UsageError('pcap takes one file');
    const port = values.port === undefined ? undefined : Number(values.port);
    if (port !== undefined && !(Number.isInteger(port) && port > 0 && port <= 0xffff))
      throw new UsageError(`"${values.port}" is no port`);
    const ports = port === undefined ? PORTS : [...PORTS, port];
    const streams = new Map<string, Stream>();
    try {
      for (const event of tcpStreams(readPcap(await contents(file)))) {
        const { text, problem } = take(event, streams, ports, values.json);
        if (text !== '') await io.write(text);
        if (problem !== undefined) io.complain(`oflib: ${problem}\n`);
      }
    } catch (error) {
      if (error instanceof PacketError) throw new CommandFailure(`${file}: ${error.message}`);
      throw error;
    }
  },
};

async function contents(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new CommandFailure(`${file} cannot be read: ${(error as Error).message}`);
  }
}

/** One direction. Without a framer it is not OpenFlow, or its messages cannot be told apart any more. */
interface Stream {
  framer: Framer | undefined;
}

interface Taken {
  readonly text: string;
  readonly problem?: string;
}

function take(
  event: TcpEvent,
  streams: Map<string, Stream>,
  ports: readonly number[],
  isJson: boolean,
): Taken {
  const { flow } = event;
  const key = endpoints(flow);
  if (event.type === 'end') {
    streams.delete(key);
    return { text: '' };
  }
  if (event.type === 'gap') {
    const stream = streams.get(key);
    if (stream === undefined) return { text: '' };
    // A message may have been cut: the next segment probably begins with one.
    stream.framer = new Framer();
    return { text: '', problem: `${key}: ${event.bytes} bytes are not in the capture` };
  }
  const known = streams.get(key);
  const stream = known ?? { framer: isOpenflow(flow, event.data, ports) ? new Framer() : undefined };
  if (known === undefined) streams.set(key, stream);
  if (stream.framer === undefined) return { text: '' };
  let text = '';
  try {
    stream.framer.push(event.data, (view, off, end) => {
      const bytes = new Uint8Array(view.buffer, view.byteOffset + off, end - off);
      text += lineOf(bytes, event, isJson);
    });
  } catch (error) {
    if (!(error instanceof FramingError)) throw error;
    stream.framer = undefined;
    return { text, problem: `${key}: ${error.message}` };
  }
  return { text };
}

function isOpenflow({ srcPort, dstPort }: TcpFlow, data: Uint8Array, ports: readonly number[]): boolean {
  if (ports.includes(srcPort) || ports.includes(dstPort)) return true;
  const [version = 0, type, high = 0, low = 0] = data;
  const length = high * 256 + low;
  const isHello = type === 0 && version >= 1 && version <= VERSIONS.length;
  return data.length >= HEADER_BYTES && isHello && length >= HEADER_BYTES && length % 8 === 0;
}

function lineOf(bytes: Uint8Array, { flow, timestampNs }: TcpEvent, isJson: boolean): string {
  const time = timeText(timestampNs);
  const { src, srcPort, dst, dstPort } = flow;
  if (isJson) return `${toJson({ time, src, srcPort, dst, dstPort, ...decodeBytes(bytes) })}\n`;
  return `${time} ${endpoints(flow)}: ${said(bytes)}\n`;
}

function said(bytes: Uint8Array): string {
  try {
    return messageText(bytes);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return `malformed: ${error.message}`;
  }
}

const endpoints = ({ src, srcPort, dst, dstPort }: TcpFlow): string =>
  `${address(src)}:${srcPort} > ${address(dst)}:${dstPort}`;
const address = (text: string): string => (text.includes(':') ? `[${text}]` : text);

/** ISO 8601 with nanoseconds. */
function timeText(timestampNs: bigint): string {
  const seconds = new Date(Number(timestampNs / 1_000_000n)).toISOString().slice(0, 19);
  return `${seconds}.${(timestampNs % 1_000_000_000n).toString().padStart(9, '0')}Z`;
}
