/** The mathematics of migration: pure functions over @sluice/units, no clock, no network. */

export type { OptimalityCheck, RatesAndPrices } from './allocation/certificate.ts';
export { checkOptimality, costOf, isOptimal } from './allocation/certificate.ts';
export type {
  Change,
  ChangeKind,
  ChangePlan,
  ChangeProblem,
  ChangeStep,
  Move,
  Placement,
} from './allocation/change-plan.ts';
export { planChange } from './allocation/change-plan.ts';
export type { Overload } from './allocation/feasibility.ts';
export { loadsOf, overloads } from './allocation/feasibility.ts';
export type { FlowDemand, FlowLink, FptaResult, MigrationFlow, PathFlow } from './allocation/fpta.ts';
export { FPTA_EPSILON, fpta } from './allocation/fpta.ts';
export type {
  JointOptions,
  JointSolution,
  OverfullLink,
  PricedLink,
  RateBinding,
} from './allocation/joint/joint-allocation.ts';
export { JOINT_GAP, JOINT_WORK_MAX, JointAllocation } from './allocation/joint/joint-allocation.ts';
export type { JointRates } from './allocation/joint/solve-joint.ts';
export { solveJoint } from './allocation/joint/solve-joint.ts';
export type { MaxMinFault, MaxMinLimit, MaxMinOptions, MaxMinResult } from './allocation/max-min.ts';
export { maxMinFaults, maxMinRates } from './allocation/max-min.ts';
export type { NetRateDemand, NetRateResult } from './allocation/net-rate.ts';
export { maxNetRate, NET_RATE_GAP } from './allocation/net-rate.ts';
export type {
  AllocationProblem,
  CostedDemand,
  LinkUse,
  PowerSeries,
  RateDemand,
} from './allocation/problem.ts';
export type { RateLoss, RelaxableDemand, Relaxation } from './allocation/relaxation.ts';
export { relax } from './allocation/relaxation.ts';
export { catalogue, findModel } from './catalogue/catalogue.ts';
export type { Axis, Chart, Panel, Series } from './catalogue/chart.ts';
export type {
  ModelEntry,
  ModelFigure,
  ModelFile,
  ModelInputs,
  ModelNeeds,
  ModelParameter,
  ModelResult,
  ModelRun,
  ParameterProblem,
} from './catalogue/model.ts';
export type { JsonValue } from './catalogue/parameter.ts';
export type { LinearSolver, MilpOptions, MilpResult } from './electricity/milp.ts';
export { MILP_GAP, MILP_VARIABLES_MAX, milpText, milpVariables, solveMilp } from './electricity/milp.ts';
export type { FlowArc } from './electricity/min-cost-flow.ts';
export { flowCost, minCostFlow } from './electricity/min-cost-flow.ts';
export type { PriceOptions, PriceProblem, PriceTable, SyntheticData } from './electricity/prices.ts';
export { readPrices, SYNTHETIC_POWER, syntheticProblem } from './electricity/prices.ts';
export type {
  ElectricityMove,
  ElectricityPower,
  ElectricityProblem,
  ElectricitySchedule,
  ElectricitySite,
  OpticalLink,
} from './electricity/problem.ts';
export { brokenBy, problemsOf, scheduleCost } from './electricity/problem.ts';
export type { RollingOptions, RollingResult } from './electricity/rolling.ts';
export { planElectricity } from './electricity/rolling.ts';
export type { EnergyModel, LinearEnergyModel, ServerPower } from './energy.ts';
export {
  atRoundTrip,
  energyCost,
  energyOf,
  LIU_RECOLLECTED,
  linearEnergy,
  powerWatt,
  serverEnergy,
  totalEnergy,
} from './energy.ts';
export type { EqualVms, SetTimes } from './groups/callegati.ts';
export { dirtyRatioOf, parallel, serial } from './groups/callegati.ts';
export type { GroupProblem } from './groups/first-group.ts';
export type { Channel, GroupTimes, GroupVm, RestMode, ScheduleTimes } from './groups/group.ts';
export { groupTimes, inGroupsOf, scheduleTimes, sharesOf } from './groups/group.ts';
export { mixed } from './groups/mixed.ts';
export type { GroupPlan } from './groups/plan.ts';
export { GROUP_EXACT_VMS_MAX, planGroups, planOfSize } from './groups/plan.ts';
export type { Contention, SharedFlow } from './mechanism/contention.ts';
export { contention, maxMinShares } from './mechanism/contention.ts';
export type { PageCompression } from './pages/compression.ts';
export { calibratedShare, deltaOf, wireShare } from './pages/compression.ts';
export type { PagePrecopy, PagePrecopyResult, PageRound } from './pages/prediction.ts';
export { pagePrecopy } from './pages/prediction.ts';
export type { PageTrace, SyntheticTrace, TraceText } from './pages/trace.ts';
export { readTrace, syntheticTrace } from './pages/trace.ts';
export type { FaultModel, HybridResult, PostcopyPhase, PostcopyResult } from './postcopy.ts';
export { hybrid, postcopy } from './postcopy.ts';
export type { DowntimeParts, PrecopyPlan, PrecopyResult, PrecopyRound } from './precopy.ts';
export { dirtiedIn, ENGINE_ROUNDS_MAX, precopy } from './precopy.ts';
export type { Profile, Step } from './profile.ts';
export { profile } from './profile.ts';
export type { BdaInput, BdaResult } from './rate-policies/bda.ts';
export { bda, bdaFloor, bdaPolicy, bdaRobust, bdaRobustPolicy } from './rate-policies/bda.ts';
export type { GeometricProgram, GeometricProgramResult } from './rate-policies/geometric-program.ts';
export { geometricProgram } from './rate-policies/geometric-program.ts';
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
  roundsByEnergy,
  roundsByFormula,
} from './rate-policies/minimum-energy.ts';
export type { MinimumEnergyPerRoundResult } from './rate-policies/per-round-rates.ts';
export { minimumEnergyPerRound, PER_ROUND_ROUNDS_MAX } from './rate-policies/per-round-rates.ts';
export type {
  PrimalDualForm,
  PrimalDualOptions,
  PrimalDualResult,
  PrimalDualState,
} from './rate-policies/primal-dual.ts';
export {
  PRIMAL_DUAL_DEFAULTS,
  primalDual,
  primalDualPolicy,
  primalDualStart,
  primalDualStep,
} from './rate-policies/primal-dual.ts';
export type { RatePolicy, RoundAhead } from './rate-policies/rate-policy.ts';
export { allFree, flat, ratesInOrder } from './rate-policies/rate-policy.ts';
export type { Hosts, Mechanism, MechanismChoice, VmTraffic } from './rate-policies/traffic-sensitive.ts';
export { allOf, bestChoice, byRule, migrationRate } from './rate-policies/traffic-sensitive.ts';
export type { XenRates } from './rate-policies/xen.ts';
export { XEN_RATE_STEP, xenCode, xenNsdi, xenRateOfW } from './rate-policies/xen.ts';
export type { QemuLimits } from './stop-policies/qemu.ts';
export { qemuStop } from './stop-policies/qemu.ts';
export type { SmartStop } from './stop-policies/smart-stop.ts';
export { CLOUDNET_WINDOW, smartStop } from './stop-policies/smart-stop.ts';
export type { RoundBehind, StopPolicy, StopReason } from './stop-policies/stop-policy.ts';
export type { Threshold } from './stop-policies/threshold.ts';
export { fitsDowntime, fixedRounds, threshold, volumeThreshold } from './stop-policies/threshold.ts';
export {
  XEN_ROUNDS_MAX,
  xenCodeStop,
  xenDefaultStop,
  xenModernStop,
  xenNsdiStop,
  xenRateOfWStop,
} from './stop-policies/xen.ts';
