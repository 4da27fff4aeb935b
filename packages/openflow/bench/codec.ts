/**
 * The codec: decoding a packet-in of a 60-byte frame, building and encoding a flow mod of three fields and one output.
 * Beside it os-ken (Python), and a floor of bytes written by hand for just these two. Each in a process of its own.
 */
import { encodeMessage, packetIn } from '@oflib/openflow';
import { install, script, start } from './processes.ts';

/** All of them on the same one, where there are several. */
const CPU = 0;

export async function codec(): Promise<readonly string[]> {
  const rate = async (name: string): Promise<number> => {
    const running = start(script('codec-case.ts', name), CPU);
    try {
      return Number(await running.line());
    } finally {
      await running.stop();
    }
  };
  const [decode, floorIn] = [await rate('decode'), await rate('decodeByHand')];
  const [encode, floorOut] = [await rate('encode'), await rate('encodeByHand')];
  const peer = await oskenRates();
  return [
    line('decode packet_in (60 B frame)', decode, 5e6, floorIn, peer?.packetIn, 30),
    line('build + encode flow_mod (3 OXM, 1 output)', encode, 2e6, floorOut, peer?.flowMod, 100),
  ];
}

function line(
  what: string,
  rate: number,
  goal: number,
  floor: number,
  osken: number | undefined,
  oskenGoal: number,
): string {
  const millions = (value: number): string => `${(value / 1e6).toFixed(2)} M/s`;
  const peer =
    osken === undefined
      ? 'os-ken cannot be installed here'
      : `${(rate / osken).toFixed(0)} x os-ken's ${Math.round(osken).toLocaleString('en')}/s (goal ${oskenGoal} x)`;
  return `${what}: ${millions(rate)} (goal ${millions(goal)}), ${peer}, ${(rate / floor).toFixed(2)} of bytes by hand`;
}

async function oskenRates(): Promise<{ packetIn: number; flowMod: number } | undefined> {
  if (install(['python3-os-ken']).length > 0) return undefined;
  const message = packetIn({ totalLen: 60, match: { in_port: 1 }, data: new Uint8Array(60) });
  const hex = Buffer.from(encodeMessage(message, 1)).toString('hex');
  const running = start(['/usr/bin/python3', `${import.meta.dirname}/osken_codec.py`, hex], CPU);
  try {
    return JSON.parse(await running.line());
  } finally {
    await running.stop();
  }
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  for (const text of await codec()) console.log(text);
}
