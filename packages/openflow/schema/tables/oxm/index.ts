/** Every field that has a name. */
import { basicRows } from './basic.ts';
import { conntrackRows } from './conntrack.ts';
import { experimenterRows } from './experimenter.ts';
import { nxmRows } from './nxm.ts';
import { registerRows } from './registers.ts';
import type { OxmRow } from './row.ts';
import { tunnelRows } from './tunnel.ts';

export { basicRows } from './basic.ts';
export type { OxmRow, OxmValueKind } from './row.ts';

/** All but the basic ones. */
export const extensionRows: readonly OxmRow[] = [
  ...registerRows,
  ...nxmRows,
  ...conntrackRows,
  ...tunnelRows,
  ...experimenterRows,
];

export const oxmRows: readonly OxmRow[] = [...basicRows, ...extensionRows];
