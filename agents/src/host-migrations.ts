/**
 * The migrations of one host, by their ids, whatever hypervisor runs them. A VM takes part in one at a time, and what is
 * being prepared counts already.
 */
import { DriverFailure } from './hypervisor.ts';

export type Running<Outgoing, Incoming> =
  | { readonly side: 'source'; readonly vmId: string; readonly migration: Outgoing }
  | { readonly side: 'destination'; readonly vmId: string; readonly migration: Incoming };

export class HostMigrations<Outgoing, Incoming> {
  readonly #running = new Map<string, Running<Outgoing, Incoming>>();
  /** VMs whose migration is being prepared, not yet among the running ones. */
  readonly #preparing = new Set<string>();

  /** One preparation at a time per migration and VM. @throws DriverFailure 'busy' */
  async prepare<T>(migrationId: string, vmId: string, task: () => Promise<T>): Promise<T> {
    if (this.#running.has(migrationId))
      throw new DriverFailure('busy', `migration ${migrationId} runs already`);
    if (this.ofVm(vmId) !== undefined || this.#preparing.has(vmId))
      throw new DriverFailure('busy', `VM ${vmId} is being migrated`);
    this.#preparing.add(vmId);
    try {
      return await task();
    } finally {
      this.#preparing.delete(vmId);
    }
  }

  add(migrationId: string, running: Running<Outgoing, Incoming>): void {
    this.#running.set(migrationId, running);
  }

  remove(migrationId: string): void {
    this.#running.delete(migrationId);
  }

  all(): readonly Running<Outgoing, Incoming>[] {
    return [...this.#running.values()];
  }

  ofVm(vmId: string): Running<Outgoing, Incoming> | undefined {
    return this.all().find((running) => running.vmId === vmId);
  }

  /** This and the next two throw DriverFailure 'unknown_migration'. */
  byId(migrationId: string): Running<Outgoing, Incoming> {
    const running = this.#running.get(migrationId);
    if (running === undefined)
      throw new DriverFailure('unknown_migration', `no migration ${migrationId} here`);
    return running;
  }

  outgoing(migrationId: string): Outgoing {
    const running = this.byId(migrationId);
    if (running.side === 'source') return running.migration;
    throw new DriverFailure('unknown_migration', `no outgoing migration ${migrationId} here`);
  }

  incoming(migrationId: string): Incoming {
    const running = this.byId(migrationId);
    if (running.side === 'destination') return running.migration;
    throw new DriverFailure('unknown_migration', `no incoming migration ${migrationId} here`);
  }
}
