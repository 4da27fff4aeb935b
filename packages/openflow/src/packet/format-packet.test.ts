/** The text form against Open vSwitch's own, where `ovs-ofctl` is installed. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildTcpFrame, encodePacket, formatPacket, TCP_FLAG, writePcap } from './index.ts';
import { frame } from './layer.samples.ts';

const hasOvs = spawnSync('ovs-ofctl', ['--version']).status === 0;
if (!hasOvs) console.warn('formatPacket is not compared with Open vSwitch: ovs-ofctl is not installed');

const link = { src: '02:00:00:00:00:01', dst: '02:00:00:00:00:02' };

/** What `ovs-ofctl` says of each frame: it reads them from a capture, which also tries our writer. */
function ovsLines(frames: readonly Uint8Array[]): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'oflib-format-'));
  try {
    const file = join(folder, 'frames.pcap');
    writeFileSync(file, writePcap(frames.map((data, i) => ({ data, timestampNs: BigInt(i) }))));
    const text = execFileSync('ovs-ofctl', ['parse-pcap', file], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    return text
      .trimEnd()
      .split('\n')
      .map((line) => line.replace('in_port=ANY,', ''));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** `parse-pcap` prints no checksum. */
const withoutChecksum = (line: string): string => line.replace(/ \w+_csum:[0-9a-f]+$/, '');

describe('formatPacket', () => {
  it('says what ovs-ofctl says of a TCP segment in a packet-in', () => {
    const tcp = { srcPort: 1, dstPort: 80, seq: 1, flags: TCP_FLAG.SYN | TCP_FLAG.ACK, checksum: 0 };
    const bytes = buildTcpFrame(
      { ...link, vlan: { vid: 5, pcp: 3 } },
      { src: '10.0.0.1', dst: '10.0.0.2' },
      { ...tcp, payload: new Uint8Array(0) },
    );
    expect(withoutChecksum(formatPacket(bytes))).toBe(
      'tcp,dl_vlan=5,dl_vlan_pcp=3,vlan_tci1=0x0000,dl_src=02:00:00:00:00:01,dl_dst=02:00:00:00:00:02,' +
        'nw_src=10.0.0.1,nw_dst=10.0.0.2,nw_tos=0,nw_ecn=0,nw_ttl=64,nw_frag=no,tp_src=1,tp_dst=80,tcp_flags=syn|ack',
    );
  });

  it('says something of any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
        expect(formatPacket(bytes)).toMatch(/dl_src=[0-9a-f:]{17},dl_dst=/);
      }),
      { numRuns: 2000 },
    );
  });

  it.skipIf(!hasOvs)('says what ovs-ofctl says of generated frames, whole and cut', () => {
    const whole = fc.sample(frame(1), 1500).map((layers) => encodePacket(layers));
    const cut = whole
      .slice(0, 500)
      .map((bytes, i) => bytes.subarray(0, 14 + ((i * 7919) % Math.max(1, bytes.length - 14))));
    const frames = [...whole, ...cut];
    const expected = ovsLines(frames);
    expect(expected.length).toBe(frames.length);
    frames.forEach((bytes, i) => {
      expect(withoutChecksum(formatPacket(bytes)), Buffer.from(bytes).toString('hex')).toBe(expected[i]);
    });
  });
});
