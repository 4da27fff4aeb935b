/** `oflib encode`: what ovs-ofctl would send. */
import { type Io, UsageError } from './io.ts';

export const encode = {
  usage: 'VERSION COMMAND TEXT [--xid N]',
  summary: 'encode flows, groups, meters and packets in the syntax of ovs-ofctl',
  help: '',
  run: async (_args: readonly string[], _io: Io): Promise<void> => {
    throw new UsageError('not yet');
  },
};
