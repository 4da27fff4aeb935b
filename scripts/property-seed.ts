// Random properties of a test run all draw from SLUICE_SEED where it is set, and from the clock where it is not; a
// property that fails says its seed either way.
import { configureGlobal } from 'fast-check';

const { SLUICE_SEED } = process.env;
if (SLUICE_SEED !== undefined) {
  if (!/^-?\d{1,10}$/.test(SLUICE_SEED))
    throw new Error(`SLUICE_SEED is a whole number, not '${SLUICE_SEED}'`);
  configureGlobal({ seed: Number(SLUICE_SEED) });
}
