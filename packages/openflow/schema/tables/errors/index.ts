/** Errors of every version. */
export { extensionErrorRows } from './extensions.ts';
export type { ErrorRow, ExtensionErrorRow } from './row.ts';
export { EXPERIMENTER_ERROR, errorRows, NICIRA_VENDOR_ERROR } from './standard.ts';
