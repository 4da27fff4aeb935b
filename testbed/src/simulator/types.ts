/** What goes into a simulation beside the story, and what comes out of it. */
import type { CoreEvent, Explanation, RatePolicyName, Receipt, State } from '@sluice/controller/core';
import type { Sample } from '../traffic/sample.ts';

/** Something that goes wrong, or that a user asks for beside migrations, in seconds after the warm-up. */
export type Fault = { readonly atSec: number } & (
  | { readonly kind: 'abort'; readonly vm: string }
  /** A migration that is only held is wanted for good. */
  | { readonly kind: 'commit'; readonly vm: string }
  /** Asks why its migration has the rate that it has. */
  | { readonly kind: 'explain'; readonly vm: string }
  | { readonly kind: 'agent_dies'; readonly hostId: string }
  | { readonly kind: 'agent_comes_back'; readonly hostId: string }
  /** The next `set_rate_cap` is neither obeyed nor answered. */
  | { readonly kind: 'rate_ignored'; readonly hostId: string }
  /** The next reservation that is installed or resized over this switch is refused by it. */
  | { readonly kind: 'change_refused'; readonly switchName: string }
  /** Both directions of the cable that carries this link. */
  | { readonly kind: 'link_breaks'; readonly link: string }
  | { readonly kind: 'link_mended'; readonly link: string }
);

export interface SimulationOptions {
  /** Draws the delays of messages and network changes. Default 1. */
  readonly seed?: number;
  /** unmanaged: every migration under the policy `unmanaged`. Default managed. */
  readonly mode?: 'managed' | 'unmanaged';
  /** In place of the policies in the story. */
  readonly policy?: RatePolicyName | undefined;
  readonly faults?: readonly Fault[];
  /** Ends the run then, counted from the start of the VMs; default: cooldownSec after the last migration. */
  readonly untilSec?: number;
  /** When the core's promises are checked; default after every step. sampled: after every thousandth. */
  readonly checks?: 'every_step' | 'sampled' | 'none';
  /** Keeps an explanation of every migration at whose boundary rates were found anew. Costs as much as finding them. */
  readonly explains?: boolean;
  readonly onEvent?: (event: TimedEvent) => void;
  /** Called after every step, after the invariants were checked. */
  readonly onStep?: (state: State) => void;
}

/** How far a simulation is, told between its slices. */
export interface SimulationProgress {
  /** Virtual seconds since the VMs started. */
  readonly nowSec: number;
  readonly migrations: number;
  /** Of them refused, completed, aborted or failed. */
  readonly ended: number;
}

export interface TimedEvent {
  /** Virtual milliseconds since the VMs started. */
  readonly atMs: number;
  readonly event: CoreEvent;
}

/** Why a migration had its rate, and what full links were worth, at that instant. */
export interface TimedExplanation {
  readonly atMs: number;
  readonly explanation: Explanation;
}

/** A stretch of time during which a VM did not answer its clients. */
export interface Silence {
  readonly vm: string;
  readonly startMs: number;
  readonly endMs: number;
}

export interface SimulationOutcome {
  readonly seed: number;
  readonly endedSec: number;
  /** What the core heard: requests, reports, answers of the network, ticks. */
  readonly inputs: number;
  readonly events: readonly TimedEvent[];
  readonly receipts: readonly Receipt[];
  readonly explanations: readonly TimedExplanation[];
  /** What arrived, per flow of the story. */
  readonly flows: ReadonlyMap<string, readonly Sample[]>;
  readonly gaps: readonly Silence[];
  readonly finalState: State;
  /** All zero after a run in which nothing was left behind. */
  readonly left: {
    readonly reservationsInNetwork: number;
    readonly reservationsStored: number;
    readonly migrationsActive: number;
  };
  readonly places: ReadonlyMap<string, { readonly hostId: string; readonly state: 'running' | 'paused' }>;
}
