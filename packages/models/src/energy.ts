/**
 * Energy and cost of a migration. P(R) = K0 · R^α is the communication power at the rate R (Amendola, Cordeschi and
 * Baccarelli); beside it a linear model of the bytes sent (Liu et al.) and the power of the servers. Inside the formulas
 * R is in Mbit/s, so K0 is in W/(Mbit/s)^α.
 *
 * Every constant is an assumption that an operator calibrates; nothing here is measured or vouched for by a paper.
 */
import {
  type BitsPerSec,
  type Bytes,
  type Joules,
  joules,
  type Millis,
  sum,
  toMbitPerSec,
  toSeconds,
} from '@sluice/units';

export interface EnergyModel {
  /** W/(Mbit/s)^α; scales every energy alike and moves no optimum. */
  readonly k0: number;
  /** At least 1. With 1 the energy depends on the volume alone. */
  readonly alpha: number;
}

/** Energy of sending at `rate` for `duration`. */
export const energyOf = (rate: BitsPerSec, duration: Millis, model: EnergyModel): Joules =>
  joules(powerWatt(rate, model) * toSeconds(duration));

/** P(R) in watts. */
export const powerWatt = (rate: BitsPerSec, model: EnergyModel): number =>
  rate === 0 ? 0 : model.k0 * toMbitPerSec(rate) ** model.alpha;

/** E_TOT of a whole migration: the sum over its rounds, stop-and-copy included. */
export const totalEnergy = (
  rounds: readonly { readonly rate: BitsPerSec; readonly duration: Millis }[],
  model: EnergyModel,
): Joules => sum(rounds.map((round) => energyOf(round.rate, round.duration, model)));

/**
 * K0 at another round-trip time. A TCP connection in congestion avoidance needs a window of R·RTT, and the power is
 * taken as a function of that window: K0 = k·(RTT/RTT_ref)^α. That the round-trip time counts is in the abstract of the
 * paper, the form is recollected from sibling papers of the group.
 */
export const atRoundTrip = (
  model: EnergyModel,
  roundTrip: { readonly now: Millis; readonly reference: Millis },
): EnergyModel => ({ ...model, k0: model.k0 * (roundTrip.now / roundTrip.reference) ** model.alpha });

/** E = a·V + b, V in MB (10^6 bytes), for source and destination together. */
export interface LinearEnergyModel {
  /** a */
  readonly joulePerMegabyte: number;
  /** b */
  readonly joule: number;
}

/**
 * Liu, Jin, Xu, Liao (HPDC 2011), as recollected: 0.512 J/MB and 20.165 J for a pair of equal hosts. Not re-read; a place
 * to start calibrating from.
 */
export const LIU_RECOLLECTED: LinearEnergyModel = { joulePerMegabyte: 0.512, joule: 20.165 };

export const linearEnergy = (volume: Bytes, model: LinearEnergyModel): Joules =>
  joules(model.joulePerMegabyte * (volume / 1e6) + model.joule);

/** Watts that a migration adds to each of its two servers, and what a VM draws where it runs, for the whole time. */
export interface ServerPower {
  readonly sourceWatt: number;
  readonly destinationWatt: number;
  /** Drawn at both ends while the VM has memory at both. */
  readonly vmWatt: number;
}

/** Both servers work for the whole migration. */
export const serverEnergy = (totalTime: Millis, power: ServerPower): Joules =>
  joules((power.sourceWatt + power.destinationWatt + power.vmWatt) * toSeconds(totalTime));

const JOULE_PER_KILOWATT_HOUR = 3.6e6;

/** Money for an energy at a price per kilowatt-hour, in the currency of the price. */
export const energyCost = (energy: Joules, pricePerKilowattHour: number): number =>
  (energy / JOULE_PER_KILOWATT_HOUR) * pricePerKilowattHour;
