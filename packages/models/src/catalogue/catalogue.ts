/** Every model by its name. A new one is a file in `entries/` and a line here. */
import { bdaEntry } from './entries/bda.ts';
import { callegatiEntry } from './entries/callegati.ts';
import { changePlanEntry } from './entries/change-plan.ts';
import { cloudnetEntry } from './entries/cloudnet.ts';
import { electricityEntry } from './entries/electricity.ts';
import { energyEntry } from './entries/energy.ts';
import { fptaEntry } from './entries/fpta.ts';
import { geometricProgramEntry } from './entries/geometric-program.ts';
import { hybridGroupsEntry } from './entries/hybrid-groups.ts';
import { jointAllocationEntry } from './entries/joint-allocation.ts';
import { mMixedEntry } from './entries/m-mixed.ts';
import { minimumEnergyEntry } from './entries/minimum-energy.ts';
import { pagePredictionEntry } from './entries/page-prediction.ts';
import { hybridEntry, postcopyEntry } from './entries/postcopy.ts';
import { precopyEntry } from './entries/precopy.ts';
import { trafficSensitiveEntry } from './entries/traffic-sensitive.ts';
import { xenEntry } from './entries/xen.ts';
import type { ModelEntry } from './model.ts';

export const catalogue: readonly ModelEntry[] = [
  bdaEntry,
  callegatiEntry,
  changePlanEntry,
  cloudnetEntry,
  electricityEntry,
  energyEntry,
  fptaEntry,
  geometricProgramEntry,
  hybridEntry,
  hybridGroupsEntry,
  jointAllocationEntry,
  mMixedEntry,
  minimumEnergyEntry,
  pagePredictionEntry,
  postcopyEntry,
  precopyEntry,
  trafficSensitiveEntry,
  xenEntry,
];

export const findModel = (name: string): ModelEntry | undefined =>
  catalogue.find((entry) => entry.name === name);
