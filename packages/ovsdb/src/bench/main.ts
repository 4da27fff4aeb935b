/** `npm run bench -w @oflib/ovsdb`: figures of this machine, beside `ovsdb-client` and beside the least that Node must do. */
import { execFile } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { promisify } from 'node:util';
import { type JsonObject, JsonSplitter, OPEN_VSWITCH, OvsdbClient, ovs, parseJson } from '../index.ts';
import { OvsdbServer, whyNoServer } from '../testing/ovsdb-server.ts';

const ROWS = 5000;
const ROUND_TRIPS = 3000;
const OUTSTANDING = 64;
const PROCESSES = 40;
const REPEATS = 5;

export async function run(): Promise<{ readonly name: string; readonly lines: readonly string[] }> {
  const missing = whyNoServer();
  if (missing) return { name: 'ovsdb', lines: [`not run: ${missing}`] };
  const server = new OvsdbServer();
  await server.start();
  const client = await OvsdbClient.connect({ endpoint: server.endpoint, database: OPEN_VSWITCH });
  try {
    await fill(client);
    return {
      name: 'ovsdb',
      lines: [
        ...(await roundTrips(server, client)),
        ...(await firstRows(server, client)),
        ...(await changes(server, client)),
      ],
    };
  } finally {
    client.close();
    await server.dispose();
  }
}

async function fill(client: OvsdbClient<typeof OPEN_VSWITCH>): Promise<void> {
  await client.transact([ovs.insert('Open_vSwitch', {})]);
  for (let first = 0; first < ROWS; first += 500)
    await client.transact(
      Array.from({ length: 500 }, (_, index) =>
        ovs.insert('Queue', {
          dscp: index % 64,
          other_config: { 'min-rate': String(1_000_000 + index), 'max-rate': '1000000000' },
          external_ids: { owner: 'bench', number: String(first + index) },
        }),
      ),
    );
}

async function roundTrips(
  server: OvsdbServer,
  client: OvsdbClient<typeof OPEN_VSWITCH>,
): Promise<readonly string[]> {
  const select = [ovs.select('Open_vSwitch', [], ['next_cfg', 'cur_cfg'])] as const;
  const ask = () => client.transact(select);
  const one = await perSecond(ROUND_TRIPS, 1, ask);
  const many = await perSecond(ROUND_TRIPS, OUTSTANDING, ask);
  const raw = new RawConnection(server);
  const request = { method: 'transact', params: [OPEN_VSWITCH.name, select[0].wire], id: 1 };
  const rawOne = await perSecond(ROUND_TRIPS, 1, () => raw.ask(request));
  raw.close();
  const text = JSON.stringify(request.params);
  const peer = await perSecond(PROCESSES, 1, () => ovsdbClient('transact', server.endpoint, text));
  return [
    `transact, 1 outstanding        ${whole(one)}/s, ${(one / rawOne).toFixed(2)} of bytes by hand and JSON.parse (${whole(rawOne)}/s)`,
    `transact, ${OUTSTANDING} outstanding       ${whole(many)}/s`,
    `ovsdb-client transact          ${whole(peer)}/s, a process each; ours is ${(one / peer).toFixed(0)} times that`,
  ];
}

async function firstRows(
  server: OvsdbServer,
  client: OvsdbClient<typeof OPEN_VSWITCH>,
): Promise<readonly string[]> {
  const columns = ['dscp', 'other_config', 'external_ids'] as const;
  const ours = await best(async () => {
    const view = await client.monitor({ Queue: columns });
    if (view.table('Queue').size !== ROWS) throw new Error('rows are missing');
    return () => view.close();
  });
  let bytes = 0;
  let text = '';
  const floor = await best(async () => {
    const raw = new RawConnection(server);
    const params = [OPEN_VSWITCH.name, 'floor', { Queue: [{ columns: [...columns] }] }];
    text = await raw.ask({ method: 'monitor_cond', params, id: 1 });
    bytes = text.length;
    return async () => raw.close();
  });
  const query = JSON.stringify([
    OPEN_VSWITCH.name,
    { op: 'select', table: 'Queue', where: [], columns: ['_uuid', ...columns] },
  ]);
  const peer = await best(async () => {
    await ovsdbClient('query', server.endpoint, query);
    return async () => {};
  });
  const plain = await best(async () => after(JSON.parse(text)));
  const exact = await best(async () => after(parseJson(text)));
  const split = await best(async () => after(new JsonSplitter().push(Buffer.from(text))));
  const rate = (ms: number) => whole((ROWS * 1000) / ms);
  return [
    `first ${ROWS} rows of a view      ${rate(ours)} rows/s, ${(ours / floor).toFixed(2)} of the time of raw read and JSON.parse (${rate(floor)} rows/s, ${whole(bytes / 1024)} KiB)`,
    `ovsdb-client query             ${rate(peer)} rows/s with its start, ${(peer / ours).toFixed(2)} of our time`,
    `reading that text              JSON.parse ${plain.toFixed(1)} ms, parseJson ${exact.toFixed(1)} ms, splitter ${split.toFixed(1)} ms`,
  ];
}

/** One row of many changes again and again; the view is another connection's. */
async function changes(
  server: OvsdbServer,
  writer: OvsdbClient<typeof OPEN_VSWITCH>,
): Promise<readonly string[]> {
  const reader = await OvsdbClient.connect({ endpoint: server.endpoint, database: OPEN_VSWITCH });
  const view = await reader.monitor({ Queue: ['dscp'] });
  const [uuid] = view.table('Queue').keys();
  if (uuid === undefined) throw new Error('rows are missing');
  let told = 0;
  view.subscribe((batch) => {
    told += batch.length;
  });
  let dscp = 0;
  const rate = await perSecond(ROUND_TRIPS, OUTSTANDING, () => {
    dscp = (dscp + 1) % 64;
    return writer.transact([ovs.update('Queue', [['_uuid', '==', uuid]], { dscp })]);
  });
  reader.close();
  return [
    `changes of 1 row of ${ROWS}       ${whole(rate)} transactions/s written, ${whole(told)} changes told to a view`,
  ];
}

/** The least that a client in Node does: bytes out, bytes in, JSON.parse. One request at a time. */
class RawConnection {
  readonly #socket: Socket;

  constructor(server: OvsdbServer) {
    this.#socket = connect({ path: server.endpoint.slice('unix:'.length) });
  }

  ask(request: object): Promise<string> {
    return new Promise((resolve) => {
      const pieces: Buffer[] = [];
      // A reply that is whole ends with its brace, and parses.
      const onData = (chunk: Buffer) => {
        pieces.push(chunk);
        if (chunk.at(-1) !== 0x7d) return;
        const text = Buffer.concat(pieces).toString();
        if (!text.includes('"error":') || !isWhole(text)) return;
        this.#socket.off('data', onData);
        resolve(text);
      };
      this.#socket.on('data', onData);
      this.#socket.write(JSON.stringify(request));
    });
  }

  close(): void {
    this.#socket.destroy();
  }
}

function isWhole(text: string): boolean {
  try {
    return (JSON.parse(text) as JsonObject).id !== undefined;
  } catch {
    return false;
  }
}

const ovsdbClient = (...args: readonly string[]) =>
  promisify(execFile)('ovsdb-client', args, { maxBuffer: 64 * 1024 * 1024 });

async function perSecond(count: number, outstanding: number, ask: () => Promise<unknown>): Promise<number> {
  let left = count;
  const began = performance.now();
  const worker = async () => {
    while (left-- > 0) await ask();
  };
  await Promise.all(Array.from({ length: outstanding }, worker));
  return (count * 1000) / (performance.now() - began);
}

/** Shortest time in ms; what a run returns tidies up after it, off the clock. */
async function best(work: () => Promise<() => Promise<void>>): Promise<number> {
  let shortest = Number.POSITIVE_INFINITY;
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    const began = performance.now();
    const tidy = await work();
    shortest = Math.min(shortest, performance.now() - began);
    await tidy();
  }
  return shortest;
}

/** Nothing to tidy; takes the result so that it is made. */
const after = (_result: unknown) => async () => {};

const whole = (value: number): string => Math.round(value).toLocaleString('en');

if (process.argv[1]?.endsWith('ovsdb/src/bench/main.ts')) {
  const { lines } = await run();
  process.stdout.write(`${lines.join('\n')}\n`);
}
