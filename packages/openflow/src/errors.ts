/** Names of OpenFlow errors, and the error that a switch side throws to answer with one. */
import { ERROR_NAMES } from './generated/of13/constants.ts';

/** 'OFPMMFC_UNKNOWN_METER' for (12, 3); 'OFPET_99(4)' for what nobody has named. */
export function errorName(ofType: number, ofCode: number): string {
  return ERROR_NAMES[ofType]?.[ofCode] ?? `OFPET_${ofType}(${ofCode})`;
}

/** Thrown by the handler of a switch side: the request is answered with this OFPT_ERROR. */
export class OpenflowError extends Error {
  override readonly name = 'OpenflowError';

  constructor(
    readonly ofType: number,
    readonly ofCode: number,
  ) {
    super(errorName(ofType, ofCode));
  }
}
