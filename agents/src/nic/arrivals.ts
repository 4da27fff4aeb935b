/**
 * The last hop of a VM that is arriving: from the NIC to the VM's own port. Switches send the VM's frames here from the
 * moment it has stopped at its source, but this host's bridge still believes it to be beyond the NIC, by what it
 * learnt, and drops frames that would have to go out where they came in. A filter prepared beforehand takes them to
 * the VM's port, where they wait until it runs; frames of this host's other VMs go to the source as before. When it
 * runs the bridge is told, so nothing depends on what the VM or its hypervisor announce.
 */
import { z } from 'zod';
import { CommandFailure, type CommandRunner } from '../run-command.ts';

export interface VmPort {
  readonly mac: string;
  /** The host's end, a port of the bridge. */
  readonly device: string;
}

export interface Arrivals {
  /** Removes what an earlier agent left. */
  start(): Promise<void>;
  /** Before the source begins. @throws CommandFailure */
  expect(migrationId: string, port: VmPort): Promise<void>;
  /** The VM runs here. Does nothing for one that was not expected; so does `forget`. */
  arrived(migrationId: string): Promise<void>;
  /** It does not come. */
  forget(migrationId: string): Promise<void>;
  close(): Promise<void>;
}

/** Filters of ours, one preference each; far behind those that people number by hand. */
const PREF = { first: 49_000, count: 64 };

export function bridgeArrivals(options: {
  readonly device: string;
  readonly runner: CommandRunner;
}): Arrivals {
  const { device, runner } = options;
  const expected = new Map<string, VmPort & { readonly pref: number }>();
  const tc = (...args: readonly string[]) => runner.run('tc', args);
  const removeFilter = (pref: number) =>
    tc('filter', 'del', 'dev', device, 'ingress', 'pref', String(pref)).catch(ignoreFailure);
  const addIngress = () =>
    tc('qdisc', 'add', 'dev', device, 'clsact').catch((error: unknown) => {
      // Somebody's, or ours from before: filters of several can be in it.
      if (!(error instanceof CommandFailure) || !/exclusivity|exists/i.test(error.output)) throw error;
    });
  const forget = async (migrationId: string) => {
    const port = expected.get(migrationId);
    if (port === undefined) return;
    expected.delete(migrationId);
    await removeFilter(port.pref);
  };
  return {
    async start() {
      const text = await tc('-json', 'filter', 'show', 'dev', device, 'ingress').catch(() => '[]');
      const prefs = filtersSchema.parse(JSON.parse(text.trim() || '[]')).map((filter) => filter.pref);
      for (const pref of new Set(prefs))
        if (pref >= PREF.first && pref < PREF.first + PREF.count) await removeFilter(pref);
    },
    async expect(migrationId, port) {
      await forget(migrationId);
      const taken = new Set([...expected.values()].map(({ pref }) => pref));
      const pref = freePref(taken);
      await addIngress();
      const match = ['u32', 'match', 'ether', 'dst', port.mac];
      const redirect = ['action', 'mirred', 'egress', 'redirect', 'dev', port.device];
      const place = ['dev', device, 'ingress', 'pref', String(pref), 'protocol', 'all'];
      await tc('filter', 'add', ...place, ...match, ...redirect);
      expected.set(migrationId, { ...port, pref });
    },
    async arrived(migrationId) {
      const port = expected.get(migrationId);
      if (port === undefined) return;
      const entry = ['fdb', 'replace', port.mac, 'dev', port.device, 'master', 'dynamic'];
      await runner.run('bridge', entry).catch(ignoreFailure);
      await forget(migrationId);
    },
    forget,
    async close() {
      for (const migrationId of [...expected.keys()]) await forget(migrationId);
    },
  };
}

/** For a NIC that is left as it is. */
export const noArrivals: Arrivals = {
  start: async () => undefined,
  expect: async () => undefined,
  arrived: async () => undefined,
  forget: async () => undefined,
  close: async () => undefined,
};

function freePref(taken: ReadonlySet<number>): number {
  for (let pref = PREF.first; pref < PREF.first + PREF.count; pref += 1) if (!taken.has(pref)) return pref;
  throw new RangeError(`more than ${PREF.count} VMs are expected at once`);
}

/** The port went with its VM. */
function ignoreFailure(error: unknown): void {
  if (!(error instanceof CommandFailure)) throw error;
}

const filtersSchema = z.array(z.object({ pref: z.number() }));
