/** Which of a field's headers is used in which version: Nicira's twin, the ONF's, or that of the specification. */
import type { OxmName } from '../../generated/match-types.ts';
import type { Version } from '../../versions.ts';
import type { Field } from './fields.ts';

/** Headers that the specification defined after OXM itself came with 1.2. */
const SINCE13: ReadonlySet<string> = new Set(['tunnel_id', 'onf_tcp_flags']);
const RENAMED15: Readonly<Partial<Record<OxmName, OxmName>>> = {
  onf_tcp_flags: 'tcp_flags',
  onf_actset_output: 'actset_output',
};

/** `nxm`: actions of Nicira name fields by their oldest header, whatever the version is. */
export function keyOf(field: Field, version: Version | 'nxm'): OxmName {
  if (version === 'nxm' || version === '1.0' || version === '1.1') return field.nxm;
  if (version === '1.2' && SINCE13.has(field.oxm)) return field.nxm;
  return version === '1.5' ? (RENAMED15[field.oxm] ?? field.oxm) : field.oxm;
}
