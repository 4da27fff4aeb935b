import { list, messages } from '../dsl.ts';
import { from, only } from '../versions.ts';

const fields = [list('ports', 'port')];

/**
 * OFPMP_PORT_DESC reply: the ports.
 *
 * The specification has it from 1.3; Open vSwitch sends it in every version.
 *
 *   ...        ports              each: port
 */
export const portDescReply = messages({ type: 'port_desc_reply', doc: 'OFPMP_PORT_DESC reply: the ports.' }, [
  { versions: only('1.0'), section: '5.3.5', code: 17, multipart: 13, fields },
  { versions: from('1.1'), section: 'A.3.5.7', code: 19, multipart: 13, fields },
]);
