/** The mathematics of migration: pure functions over @sluice/units, no clock, no network. */

export { catalogue, findModel } from './catalogue/catalogue.ts';
export type { Axis, Chart, Panel, Series } from './catalogue/chart.ts';
export type {
  ModelEntry,
  ModelFigure,
  ModelParameter,
  ModelResult,
  ModelRun,
  ParameterProblem,
} from './catalogue/model.ts';
export type { JsonValue } from './catalogue/parameter.ts';
export type { EnergyModel } from './energy.ts';
export { energyOf, powerWatt, totalEnergy } from './energy.ts';
export type { PrecopyPlan, PrecopyResult, PrecopyRound } from './precopy.ts';
export { dirtiedIn, ENGINE_ROUNDS_MAX, precopy } from './precopy.ts';
export type { BdaInput, BdaResult } from './rate-policies/bda.ts';
export { bda, bdaFloor, bdaPolicy, bdaRobust, bdaRobustPolicy } from './rate-policies/bda.ts';
export type {
  Binding,
  BrokenLimit,
  MinimumEnergyPlan,
  MinimumEnergyProblem,
  MinimumEnergyResult,
  RateBounds,
} from './rate-policies/minimum-energy.ts';
export {
  minimumEnergy,
  minimumEnergyPolicy,
  rateBounds,
  roundsByFormula,
} from './rate-policies/minimum-energy.ts';
export type { RatePolicy, RoundAhead } from './rate-policies/rate-policy.ts';
export { allFree, flat } from './rate-policies/rate-policy.ts';
export type { RoundBehind, StopPolicy, StopReason } from './stop-policies/stop-policy.ts';
export type { Threshold } from './stop-policies/threshold.ts';
export { fitsDowntime, fixedRounds, threshold } from './stop-policies/threshold.ts';
