/** `packet-out`: `in_port=1,packet=HEX,actions=...`, or the older `IN_PORT ACTIONS PACKET...`. */
import type { Message } from '../../codec.ts';
import type { Version } from '../../versions.ts';
import { encodeAll } from './act.ts';
import { parseActs, refuseInstructions } from './actions.ts';
import { dottedHex } from './actions-output.ts';
import { requireFormats } from './flow.ts';
import { FlowMatch, unknownCondition } from './flow-match.ts';
import { ANY, formatsOf, type Usable } from './formats.ts';
import { matchOf } from './match-keys.ts';
import { port, port32 } from './numbers.ts';
import { Problems, parseError, type Word } from './parse-error.ts';
import { pairsOf, part, wordOf } from './words.ts';

export interface PacketOutOptions<V extends Version = Version> {
  readonly version: V;
}

/** What a packet has without its bytes. */
const PIPELINE = /^(in_port|in_port_oxm|packet_type|metadata|tun_\w+|tunnel_id|x{0,2}reg\d+)$/;
const NO_BUFFER = 0xffffffff;

/** One message for every packet. Throws ParseError with all problems. */
export function parsePacketOut<V extends Version>(
  text: string,
  options: PacketOutOptions<V>,
): readonly Message<V>[] {
  const { version } = options;
  const problems = new Problems();
  const usable: Usable = { formats: ANY };
  const flow = new FlowMatch(usable);
  const line = part(wordOf(text), 0);
  const { conditions, actions, packets } = /(?:^|[\s,])packet=/.test(line.text) ? named(line) : inOrder(line);
  const packetsIn: Word[] = [...packets];
  for (const pair of pairsOf(wordOf('in_port=CONTROLLER'))) flow.take(pair);
  for (const pair of problems.try(() => pairsOf(conditions)) ?? []) {
    if (pair.key.text === 'packet') packetsIn.push(pair.value);
    else
      problems.try(() => {
        if (!PIPELINE.test(pair.key.text))
          throw parseError(pair.key, 'it is not known before the packet is looked at');
        const { formats } = usable;
        if (!flow.take(pair)) throw parseError(pair.key, unknownCondition(pair.key));
        // Before 1.5 the message has no place for it, and Open vSwitch lets it be.
        if (pair.key.text === 'packet_type') usable.formats = formats;
      });
  }
  const acts = parseActs(actions, usable, problems);
  refuseInstructions(acts, problems);
  if (packetsIn.length === 0) problems.add(line, 'packet=... is missing');
  const data = packetsIn.flatMap((word) => problems.try(() => [dottedHex(word)]) ?? []);
  requireFormats(usable, formatsOf(version), line, problems);
  problems.finish();
  const inPort = Number(flow.get('in_port')?.value ?? 0);
  const wirePort = version === '1.0' ? inPort : port32(inPort);
  const from =
    version === '1.5' ? { match: matchOf(flow, { version, isNicira: false }) } : { inPort: wirePort };
  const common = { type: 'packet_out', bufferId: NO_BUFFER, ...from, actions: encodeAll(acts, version) };
  // V is the version in the options; the value of a type parameter cannot narrow it.
  return data.map((bytes) => ({ ...common, data: bytes }) as unknown as Message<V>);
}

interface Parts {
  readonly conditions: Word;
  readonly actions: Word;
  readonly packets: readonly Word[];
}

function named(line: Word): Parts {
  const found = /(?:^|[\s,])actions?\s*=/.exec(line.text);
  if (found === null)
    return { conditions: line, actions: wordOf('', line.at + line.text.length), packets: [] };
  const conditions = part(line, 0, found.index);
  return { conditions, actions: part(line, found.index + found[0].length), packets: [] };
}

function inOrder(line: Word): Parts {
  const words = [...line.text.matchAll(/\S+/g)].map((found) => wordOf(found[0], line.at + found.index));
  const [portWord, actions, ...packets] = words;
  if (portWord === undefined || actions === undefined || packets.length === 0)
    throw parseError(line, 'in_port=..., packet=... and actions=... were expected');
  port(portWord);
  return {
    conditions: wordOf(`in_port=${portWord.text}`, portWord.at - 'in_port='.length),
    actions,
    packets,
  };
}
