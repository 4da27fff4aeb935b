/** A whole controller in the test's own process: real core, runtime, API; fake network, scripted agents, memory store. */
import { type ConfigInput, parseConfig } from '../config.ts';
import { type RunningController, startController } from '../controller.ts';
import { createFakeNetwork, type FakeNetwork } from '../southbound/index.ts';
import { createMemoryStore, type Store } from '../store/index.ts';
import { createLog } from '../telemetry/log.ts';
import { testInventory } from './inventory.ts';
import { createScriptedAgents, type ScriptedAgents, testVm } from './scripted-agents.ts';

export interface TestController<S extends Store> {
  readonly controller: RunningController;
  readonly url: string;
  readonly store: S;
  readonly network: FakeNetwork;
  readonly agents: ScriptedAgents;
  /** What the runtime took for a bug of ours; tests expect none. */
  readonly bugs: readonly unknown[];
  close(): Promise<void>;
}

export async function startTestController<S extends Store = ReturnType<typeof createMemoryStore>>(
  options: { readonly config?: Partial<ConfigInput>; readonly store?: S } = {},
): Promise<TestController<S>> {
  // S is the default exactly when no store is given, which a default of a type parameter cannot say.
  const store = options.store ?? (createMemoryStore() as unknown as S);
  const network = createFakeNetwork();
  const agents = createScriptedAgents({ h1: [testVm('web', 1), testVm('db', 2)], h2: [], h3: [] });
  const bugs: unknown[] = [];
  const config = parseConfig({
    inventory: testInventory,
    http: { port: 0 },
    tickMs: 20,
    // Agents report only when they are told to do something.
    core: { agentLeaseSec: 3600, progressTimeoutSec: 3600 },
    ...options.config,
  });
  const controller = await startController(config, {
    store,
    network,
    agents: agents.channel,
    log: createLog('silent'),
    onBug: (error) => bugs.push(error),
  });
  await controller.ready;
  agents.introduce();
  const { url } = controller.httpAddress;
  await untilKnown(`${url}/v1/vms`);
  return { controller, url, store, network, agents, bugs, close: () => controller.close() };
}

/** No promise of the product: a busy machine may take long. */
const KNOWN_LIMIT_MS = 30_000;

async function untilKnown(url: string): Promise<void> {
  const end = performance.now() + KNOWN_LIMIT_MS;
  for (;;) {
    const { vms } = (await (await fetch(url)).json()) as { vms: unknown[] };
    if (vms.length > 0) return;
    if (performance.now() > end) throw new Error('the scripted agents were not heard');
  }
}
