/** A stage with one real guest and everything that watches it move: prober, monitors, its ports at both ends. */
import { tapName } from '../guests/launch.ts';
import { poll } from '../lab/poll.ts';
import type { Story } from '../story/index.ts';
import { type PortWatch, type Prober, watchPort } from '../traffic/index.ts';
import { type Move, measureMove } from './hitless.ts';
import { type Monitors, watchMonitors } from './monitors.ts';
import { type MigrationBody, openStage, type Stage } from './stage.ts';

/** Answers before anything is measured. */
const ANSWERS_FIRST = 100;
const ANSWERS_TIMEOUT_MS = 30_000;

export interface HitlessStage {
  readonly stage: Stage;
  readonly monitors: Monitors;
  /** Asks the guest every millisecond. */
  readonly prober: Prober;
  move(options: {
    readonly id: string;
    readonly destination: string;
    readonly body?: MigrationBody;
  }): Promise<Move>;
  close(): Promise<void>;
}

/** The guest is the one that the story's prober asks. */
export async function openHitlessStage(story: Story): Promise<HitlessStage> {
  const vm = story.vms.find((one) => one.name === story.prober?.vm);
  if (!story.prober || !vm) throw new RangeError('the story has no prober');
  const stage = await openStage(story, { run: 'managed', guests: 'qemu' });
  const monitors = watchMonitors(stage.lab.prefix);
  const ports = new Map<string, PortWatch>();
  const close = async () => {
    await monitors.close();
    for (const port of ports.values()) await port.stop();
    await stage.close();
  };
  try {
    const device = tapName(vm.name, vm.mac);
    for (const { name, kind, pid } of stage.network.hosts.values())
      if (kind === 'hypervisor')
        ports.set(name, await watchPort(stage.lab, { name: `port of ${vm.name} at ${name}`, pid, device }));
    const prober = await stage.startProber({ ...story.prober, periodSec: 0.001 });
    await poll('answers of the guest', ANSWERS_TIMEOUT_MS, async () =>
      prober.echoes.length > ANSWERS_FIRST ? true : null,
    );
    const parts = { stage, monitors, prober, ports, vm: vm.name };
    return { stage, monitors, prober, move: (options) => measureMove({ ...parts, ...options }), close };
  } catch (cause) {
    await close().catch(() => undefined);
    throw cause;
  }
}
