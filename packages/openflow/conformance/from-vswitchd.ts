/**
 * The part of the corpus that a switch sends: a private ovs-vswitchd on dummy devices gets everything that ovs-ofctl
 * made, is driven through what makes it speak by itself, and every message of it is kept. Needs no rights.
 */
import { execFileSync, spawn } from 'node:child_process';
import { RecordingProxy } from '../fixtures/proxy.ts';
import { BRIDGE, OpenVswitch } from '../src/testing/open-vswitch.ts';
import type { Sent } from './from-ofctl.ts';
import { VERSION_NAMES, WIRE_VERSIONS, type WireVersion } from './ovs-ofctl.ts';
import { RawPeer } from './raw-peer.ts';
import { generationOf, requestsByHand } from './requests-by-hand.ts';
import { FLOWS_OF_SCENES, frame, GROUPS_OF_SCENES, LATER_FLOWS } from './scenes.ts';

/** A reply of this size is one fragment of many alike; the first and the last of each kind are enough. */
const LARGE_BYTES = 12_000;
const LARGE_KEPT = 2;
/** Messages of one kind that are kept in one version: flow monitors say the same again and again. */
const KIND_KEPT = 60;
/** Errors of the same code that are kept in one version; they differ in the message that they quote. */
const ERRORS_KEPT = 4;
const MULTIPART_TYPES = { request: [16, 18], reply: [17, 19] } as const;
const WAIT_MS = 30_000;
const LOOK_AGAIN_MS = 5;
const LOOKS_PER_CAUSE = 200;

export async function fromVswitchd(sent: readonly Sent[]): Promise<Sent[]> {
  const ovs = new OpenVswitch();
  const kept: Sent[] = [];
  await ovs.start();
  try {
    ovs.vsctl(
      'set',
      'bridge',
      BRIDGE,
      `protocols=${WIRE_VERSIONS.map((one) => VERSION_NAMES[one]).join(',')}`,
    );
    configure(ovs);
    for (const version of WIRE_VERSIONS) {
      const recorder = new SwitchRecorder(ovs, version, sent);
      kept.push(...(await recorder.record()));
    }
  } finally {
    await ovs.stop();
  }
  return kept;
}

/** IPFIX, so that its statistics exist, and a table with room for ten flows, so that its vacancy changes. */
function configure(ovs: OpenVswitch): void {
  const ipfix = ['--id=@i', 'create', 'IPFIX', 'targets="127.0.0.1:9"', 'obs_domain_id=1', 'obs_point_id=2'];
  ovs.vsctl(...ipfix, '--', 'set', 'Bridge', BRIDGE, 'ipfix=@i');
  const other = [
    '--id=@f',
    'create',
    'IPFIX',
    'targets="127.0.0.1:9"',
    '--',
    '--id=@b',
    'get',
    'Bridge',
    BRIDGE,
  ];
  ovs.vsctl(...other, '--', 'create', 'Flow_Sample_Collector_Set', 'id=1', 'bridge=@b', 'ipfix=@f');
  ovs.vsctl(
    '--id=@t',
    'create',
    'Flow_Table',
    'flow_limit=10',
    '--',
    'set',
    'Bridge',
    BRIDGE,
    'flow_tables:77=@t',
  );
}

class SwitchRecorder {
  private readonly kept: Sent[] = [];
  private readonly seen = new Set<string>();
  private readonly counts = new Map<string, number>();
  private readonly textOf = new Map<number, string>();
  private readonly mine: readonly Sent[];

  constructor(
    private readonly ovs: OpenVswitch,
    private readonly version: WireVersion,
    sent: readonly Sent[],
  ) {
    this.mine = sent.filter((one) => one.version === version && (one.bytes[1] ?? 0) > 1);
  }

  async record(): Promise<readonly Sent[]> {
    this.clear();
    await this.scenes();
    this.clear();
    await this.resumed();
    this.clear();
    await this.replay();
    return this.kept;
  }

  /** What the switch says by itself: arrivals, removals, ports, roles, forwarded requests, flow updates. */
  private async scenes(): Promise<void> {
    const { ovs, version } = this;
    ovs.appctl('time/stop');
    const first = await RawPeer.open(ovs.managementSocket, version);
    const second = await RawPeer.open(ovs.managementSocket, version);
    try {
      for (const peer of [first, second]) peer.send(9, '0000 ffff');
      for (const { text, type, body } of requestsByHand(version)) {
        const from = first.sent.length;
        this.textOf.set(first.send(type, body), text);
        await first.barrier();
        const request = first.sent[from];
        if (request !== undefined) this.keep(request, 'by hand', text);
      }
      this.ofctl('add-groups', GROUPS_OF_SCENES);
      this.ofctl('add-flows', FLOWS_OF_SCENES);
      for (const format of [0, 1, 2]) {
        first.send(4, `00002320 00000010 0000000${format}`);
        await this.arrivals(first);
      }
      await this.portChanges(first);
      await this.flowChanges(first, second);
      await this.removals(first);
      await this.roles(first, second);
    } finally {
      this.keepAll(first, 'first connection');
      this.keepAll(second, 'second connection');
      first.close();
      second.close();
    }
  }

  /** With its clock stopped, the switch would go on forwarding by flows that it remembers from before. */
  private forgetFlows(): void {
    this.ovs.appctl('revalidator/purge');
  }

  private async arrivals(peer: RawPeer): Promise<void> {
    this.forgetFlows();
    for (const port of ['1001', '1002', '1003', '1004', '1005', '1006', '1007', '1008'])
      this.ovs.appctl('netdev-dummy/receive', 'p1', frame(port));
    this.ovs.appctl('netdev-dummy/receive', 'p1', frame('1009', 1));
    await peer.barrier();
    this.ovs.appctl('time/warp', '100', '100');
    await peer.barrier();
  }

  private async portChanges(peer: RawPeer): Promise<void> {
    this.ovs.vsctl('add-port', BRIDGE, 'p9', '--', 'set', 'interface', 'p9', 'ofport_request=9');
    this.ofctlRun(['mod-port', this.target, 'p9', 'down']);
    this.ofctlRun(['mod-port', this.target, 'p9', 'no-flood']);
    this.ovs.vsctl('del-port', BRIDGE, 'p9');
    await peer.barrier();
  }

  /** Flow monitors see changes by others in full, and their own abbreviated. */
  private async flowChanges(first: RawPeer, second: RawPeer): Promise<void> {
    const monitors = this.mine.filter(
      (one) => one.text.startsWith('monitor') && isMultipart(one.bytes, 'request'),
    );
    // A connection each: ovs-ofctl gives all monitors the same number, and the error of Open vSwitch 3.1 to a number in
    // use quotes memory that is no message, under an arbitrary header.
    const watchers: RawPeer[] = [];
    for (const { bytes, text } of monitors) {
      const watcher = await RawPeer.open(this.ovs.managementSocket, this.version);
      watchers.push(watcher);
      this.textOf.set(watcher.forward(bytes), text);
      await watcher.barrier();
    }
    const changes = this.mine.filter((one) => one.command.startsWith('add-flows') && isShort(one.bytes));
    for (const { bytes } of changes.slice(0, 60)) first.forward(bytes);
    for (const { bytes } of changes.slice(60, 200)) second.forward(bytes);
    await first.barrier();
    await second.barrier();
    this.ofctl('add-flows', LATER_FLOWS);
    this.ofctlRun(['mod-flows', this.target, 'udp,udp_dst=2001,actions=3']);
    this.ofctlRun(['del-flows', this.target, 'udp']);
    for (const watcher of watchers) {
      await watcher.barrier();
      if (this.version <= 3) watcher.send(4, '00002320 00000015 00000000');
      await watcher.barrier();
      this.keepAll(watcher, 'flow monitor');
      watcher.close();
    }
  }

  private async removals(peer: RawPeer): Promise<void> {
    this.ofctl('add-flows', LATER_FLOWS);
    this.ovs.appctl('time/warp', '4000', '500');
    this.ofctlRun(['del-flows', this.target, 'table=5']);
    if (this.version >= 2) this.ofctlRun(['del-groups', this.target, 'group_id=51']);
    if (this.version >= 4) this.ofctlRun(['del-meters', this.target]);
    await peer.barrier();
    if (this.version < 5) return;
    this.ofctlRun(['mod-table', this.target, '77', 'vacancy:30,70']);
    for (const count of [1, 2, 3, 4, 5, 6, 7, 8, 9])
      this.ofctlRun(['add-flow', this.target, `table=77,in_port=${count},actions=drop`]);
    this.ofctlRun(['del-flows', this.target, 'table=77']);
    await peer.barrier();
  }

  /** The second connection takes the first one's role; what others modify is forwarded to both. */
  private async roles(first: RawPeer, second: RawPeer): Promise<void> {
    const master = (generation: number) =>
      this.version >= 3
        ? `00000002 00000000 ${generationOf(this.version, generation)}`
        : '00002320 0000000a 00000001';
    const type = this.version >= 3 ? 24 : 4;
    first.send(type, master(9));
    await first.barrier();
    second.send(type, master(10));
    await second.barrier();
    await first.barrier();
    // A slave may change nothing.
    const change = this.mine.find((one) => one.command.startsWith('add-flows') && isShort(one.bytes));
    if (change !== undefined) this.textOf.set(first.forward(change.bytes), `as slave: ${change.text}`);
    await first.barrier();
  }

  /** A paused packet and the request that lets it go on; ovs-ofctl sends the request. */
  private async resumed(): Promise<void> {
    const proxy = new RecordingProxy(this.ovs.managementSocket);
    const port = await proxy.listen();
    const address = `tcp:127.0.0.1:${port}`;
    const args = ['-P', 'nxt_packet_in2', 'monitor', address, '65534', 'resume'];
    const child = spawn('ovs-ofctl', ['-O', VERSION_NAMES[this.version], ...args], {
      env: { ...process.env, OVS_RUNDIR: this.ovs.managementSocket.replace(/\/[^/]*$/, '') },
      stdio: 'ignore',
    });
    try {
      const from = (side: 'switch' | 'controller', type: number) =>
        proxy.recorded.filter((one) => one.from === side && one.bytes[1] === type);
      const barrier = this.version === 1 ? 18 : 20;
      // The packet-in format and two barriers, then the switch's answer to the last: from now on it sends packets.
      await until(() => from('controller', 4).length > 0, 'packet-in format');
      await until(() => proxy.recorded.at(-1)?.bytes[1] === barrier + 1, 'barrier reply');
      this.ofctl(
        'add-flows',
        FLOWS_OF_SCENES.filter((flow) => !flow.includes('group')),
      );
      for (const name of ['1005', '1008']) {
        const before = from('controller', 4).length;
        const arrive = () => {
          this.forgetFlows();
          this.ovs.appctl('netdev-dummy/receive', 'p1', frame(name));
          this.ovs.appctl('time/warp', '100', '100');
        };
        await until(() => from('controller', 4).length > before, 'resume', arrive);
      }
    } finally {
      child.kill('SIGKILL');
      proxy.close();
    }
    for (const { bytes, from } of proxy.recorded)
      this.keep(Buffer.from(bytes), from === 'switch' ? 'ovs-vswitchd' : 'ovs-ofctl', 'monitor resume');
  }

  /** Everything that ovs-ofctl made: first what adds, then what asks, then what changes and deletes. */
  private async replay(): Promise<void> {
    const peer = await RawPeer.open(this.ovs.managementSocket, this.version);
    const rank = ({ text, bytes }: Sent) =>
      isMultipart(bytes, 'request') ? 1 : /^(\w+ )?(del|mod)|monitor/.test(text) ? 2 : 0;
    const quiet = this.mine.filter((one) => !one.text.startsWith('monitor'));
    const ordered = [0, 1, 2].flatMap((wanted) => quiet.filter((one) => rank(one) === wanted));
    try {
      for (const { bytes, text } of ordered) {
        this.textOf.set(peer.forward(bytes), text);
      }
      await peer.barrier();
    } finally {
      this.keepAll(peer, 'replay');
      peer.close();
    }
  }

  private clear(): void {
    for (const command of ['del-flows', 'del-groups', 'del-meters', 'del-tlv-map'])
      execFileSync('ovs-ofctl', ['-O', 'OpenFlow14', command, this.target], { timeout: WAIT_MS });
  }

  private keepAll(peer: RawPeer, what: string): void {
    for (const bytes of peer.received) {
      const text = this.textOf.get(bytes.readUInt32BE(4));
      this.keep(bytes, 'ovs-vswitchd', text === undefined ? what : `answer to ${text}`);
    }
  }

  private keep(bytes: Buffer, command: string, text: string): void {
    const content = bytes.toString('hex', 0, 4) + bytes.toString('hex', 8);
    if (this.seen.has(content)) return;
    this.seen.add(content);
    const isMany = isMultipart(bytes, 'reply');
    const isVendors = isMany && bytes.readUInt16BE(8) === 0xffff;
    const kind = isVendors ? bytes.toString('hex', 8, 24) : isMany ? bytes.toString('hex', 8, 10) : '';
    const isError = bytes[1] === 1;
    const limit = isError ? ERRORS_KEPT : bytes.length > LARGE_BYTES ? LARGE_KEPT : KIND_KEPT;
    const code = isError ? bytes.toString('hex', 8, 12) : kind;
    const key = `${bytes[1]}.${bytes.length > LARGE_BYTES}.${code}`;
    const count = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, count);
    if (count <= limit) this.kept.push({ version: bytes[0] as WireVersion, command, text, bytes });
  }

  private get target(): string {
    return `unix:${this.ovs.managementSocket}`;
  }

  /** The scenery is set up in OpenFlow 1.4, whatever the version that is recorded: it can say everything. */
  private ofctl(command: 'add-flows' | 'add-groups', lines: readonly string[]): void {
    const input = `${lines.join('\n')}\n`;
    execFileSync('ovs-ofctl', ['-O', 'OpenFlow14', command, this.target, '-'], { input, timeout: WAIT_MS });
  }

  private ofctlRun(args: readonly string[]): void {
    try {
      execFileSync('ovs-ofctl', ['-O', VERSION_NAMES[this.version], ...args], {
        stdio: 'ignore',
        timeout: WAIT_MS,
      });
    } catch (error) {
      if ((error as { status?: unknown }).status === null) throw error;
    }
  }
}

function isMultipart(bytes: Buffer, side: 'request' | 'reply'): boolean {
  return bytes[1] === MULTIPART_TYPES[side][bytes[0] === 1 ? 0 : 1];
}

/** A flow whose bytes are few: it matches little, and says so quickly. */
function isShort(bytes: Buffer): boolean {
  return bytes.length < 200;
}

/** Waits for a condition; what may have been missed is done again from time to time. */
async function until(isDone: () => boolean, what: string, cause?: () => void): Promise<void> {
  const deadline = Date.now() + WAIT_MS;
  for (let looks = 0; !isDone(); looks++) {
    if (Date.now() > deadline) throw new Error(`no ${what}`);
    if (looks % LOOKS_PER_CAUSE === 0) cause?.();
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}
