/** Every model by its name. A new one is a file in `entries/` and a line here. */
import { bdaEntry } from './entries/bda.ts';
import { minimumEnergyEntry } from './entries/minimum-energy.ts';
import type { ModelEntry } from './model.ts';

export const catalogue: readonly ModelEntry[] = [bdaEntry, minimumEnergyEntry];

export const findModel = (name: string): ModelEntry | undefined =>
  catalogue.find((entry) => entry.name === name);
