/**
 * Improved serial and m-mixed migration of equal VMs (Sun, Liao, Anand, Zhao, Yu 2016, read as abstract; the forms are
 * ours): m VMs are pre-copied in parallel, and when they stop the others stop too and are sent once, or start at the
 * destination and are post-copied. m = 1 is improved serial, m = M the parallel form.
 */
import { millis } from '@sluice/units';
import { type EqualVms, parallel, type SetTimes } from './callegati.ts';

/** `ratio` is λ at the whole rate. Throws RangeError unless 1 ≤ m ≤ M. */
export function mixed(
  of: EqualVms,
  ratio: number,
  { together, rest }: { readonly together: number; readonly rest: 'stopped' | 'postcopy' },
): SetTimes {
  if (!(together >= 1 && together <= of.vms)) throw new RangeError(`m = ${together} of ${of.vms} VMs`);
  const first = parallel({ ...of, vms: together }, ratio);
  const after = ((of.vms - together) * of.memory * 8000) / of.rate;
  return {
    rounds: first.rounds,
    totalTime: millis(first.totalTime + after),
    downtime: millis(first.downtime + (rest === 'stopped' ? after : 0)),
  };
}
