/**
 * Energy of the transfer: P(R) = K0 · R^α, the communication power of a migration at the rate R (models of
 * Amendola, Cordeschi and Baccarelli). R is in Mbit/s inside the formula, so K0 is in W/(Mbit/s)^α.
 * K0 and α are assumptions that an operator calibrates; nothing here is measured.
 */
import {
  type BitsPerSec,
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
