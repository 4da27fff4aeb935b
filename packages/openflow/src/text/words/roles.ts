/** Roles of controllers. */
const ROLES: readonly string[] = ['nochange', 'equal', 'primary', 'secondary'];
/** Nicira's extension numbers them from 0. */
const NX_ROLES: readonly string[] = ['equal', 'primary', 'secondary'];
const REASONS: readonly string[] = ['primary_request', 'configuration_changed', 'experimenter_data_changed'];

export const roleText = (role: number): string => ROLES[role] ?? String(role);
export const nxRoleText = (role: number): string => NX_ROLES[role] ?? String(role);
export const roleReasonText = (reason: number): string => REASONS[reason] ?? String(reason);
