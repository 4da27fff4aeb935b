/** What is asked of libvirt about one domain, or ordered: one method per command of virsh that we use. */
import type { RateCap } from '../hypervisor.ts';
import { capBytesPerSec } from '../qemu/parameters.ts';
import { mebibytesPerSec, UNCAPPED_MEBIBYTES_PER_SEC } from './rates.ts';
import {
  checkMonitorReply,
  type DomainInfo,
  type DomainState,
  type JobStats,
  parseDirtyRate,
  parseDisks,
  parseDomainInfo,
  parseDomainStats,
  parseDowntimeLimit,
  parseJobStats,
} from './virsh-output.ts';
import { type LongRun, VirshFailure, type VirshRunner } from './virsh-runner.ts';

/** Whole MiB/s are what libvirt takes; single bytes per second go past it, by `qemu-monitor-command`. */
export type RatePolicy = 'exact' | 'mebibytes';

export class Domain {
  readonly vmId: string;
  readonly #runner: VirshRunner;
  readonly #rates: RatePolicy;

  constructor(vmId: string, runner: VirshRunner, rates: RatePolicy) {
    this.vmId = vmId;
    this.#runner = runner;
    this.#rates = rates;
  }

  /** undefined: there is no such domain, or it does not run. Asks nothing of QEMU, which may not answer. */
  async state(): Promise<DomainState | undefined> {
    try {
      const text = await this.#virsh('domstats', '--raw', '--state', this.vmId);
      const state = parseDomainStats(text).find(({ name }) => name === this.vmId)?.state;
      return state === 'off' ? undefined : state;
    } catch (error) {
      if (error instanceof VirshFailure && error.code === 'no_domain') return undefined;
      throw error;
    }
  }

  async job(): Promise<JobStats> {
    return parseJobStats(await this.#virsh('domjobinfo', '--domain', this.vmId, '--rawstats'));
  }

  async disks(): Promise<readonly string[]> {
    return parseDisks(await this.#virsh('domblklist', '--domain', this.vmId));
  }

  async info(): Promise<DomainInfo> {
    return parseDomainInfo(await this.#virsh('dominfo', '--domain', this.vmId));
  }

  /** Milliseconds. */
  async downtimeLimit(): Promise<number> {
    return parseDowntimeLimit(await this.#virsh('migrate-getmaxdowntime', '--domain', this.vmId));
  }

  async setDowntimeLimit(limitMs: number): Promise<void> {
    await this.#virsh('migrate-setmaxdowntime', '--domain', this.vmId, '--downtime', String(limitMs));
  }

  /** Of the migration that runs. @throws VirshFailure; DriverFailure 'unsupported' for a cap libvirt cannot say */
  async setRate(cap: RateCap, phase: 'precopy' | 'postcopy'): Promise<void> {
    if (this.#rates === 'exact') {
      const name = phase === 'precopy' ? 'max-bandwidth' : 'max-postcopy-bandwidth';
      return this.setParameters({ [name]: capBytesPerSec(cap) });
    }
    const rate = cap === null ? UNCAPPED_MEBIBYTES_PER_SEC : mebibytesPerSec(cap);
    const words = ['--domain', this.vmId, '--bandwidth', String(rate)];
    await this.#virsh('migrate-setspeed', ...words, ...(phase === 'precopy' ? [] : ['--postcopy']));
  }

  /** Parameters of QEMU that libvirt has no word for. */
  async setParameters(parameters: Readonly<Record<string, number | string | boolean>>): Promise<void> {
    const command = JSON.stringify({ execute: 'migrate-set-parameters', arguments: parameters });
    checkMonitorReply(await this.#virsh('qemu-monitor-command', '--domain', this.vmId, '--cmd', command));
  }

  /** @throws VirshFailure 'no_job'; 'refused' once the VM has left */
  async abort(): Promise<void> {
    await this.#virsh('domjobabort', '--domain', this.vmId);
  }

  async startPostcopy(): Promise<void> {
    await this.#virsh('migrate-postcopy', '--domain', this.vmId);
  }

  async interruptPostcopy(): Promise<void> {
    await this.#virsh('domjobabort', '--domain', this.vmId, '--postcopy');
  }

  async sampleDirtyRate(seconds: number): Promise<void> {
    const words = ['--seconds', String(seconds), '--mode', 'page-sampling'];
    await this.#virsh('domdirtyrate-calc', '--domain', this.vmId, ...words);
  }

  /** Bytes per second; null: no sample has ended. */
  async sampledDirtyRate(): Promise<number | null> {
    return parseDirtyRate(await this.#virsh('domstats', '--raw', '--dirtyrate', '--nowait', this.vmId));
  }

  /** Ends when the migration does. */
  migrate(destinationUri: string, args: readonly string[]): LongRun {
    const words = ['migrate', '--domain', this.vmId, '--desturi', destinationUri, ...args];
    return this.#runner.follow(words, () => undefined);
  }

  #virsh(...args: string[]): Promise<string> {
    return this.#runner.run(args);
  }
}
