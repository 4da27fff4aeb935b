/** For tests as root: two hosts with bridges and a client on one switch (a bridge), each in a namespace of its own. */
import { execFileSync } from 'node:child_process';

export interface HostNamespaces {
  readonly host: (index: 1 | 2) => {
    readonly namespace: string;
    readonly device: string;
    readonly ip: string;
  };
  readonly client: string;
  /** Name for the VM's namespace and veth; removed by `close` if it is still there. */
  readonly vm: string;
  /** Runs `ip` with these arguments and returns what it prints. */
  ip(...args: string[]): string;
  close(): void;
}

export function hostNamespaces(tag: string): HostNamespaces {
  const ip = (...args: string[]) =>
    execFileSync('ip', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const name = (part: string) => `${tag}${part}`;
  const host = (index: 1 | 2) => ({
    namespace: name(`h${index}`),
    device: name(`h${index}e`),
    ip: `10.2.0.${index}`,
  });
  const all = [name('sw'), name('h1'), name('h2'), name('c'), name('vm')];

  const plug = (namespace: string, device: string): void => {
    const port = `${device}p`;
    ip(
      '-n',
      name('sw'),
      'link',
      'add',
      'name',
      port,
      'type',
      'veth',
      'peer',
      'name',
      device,
      'netns',
      namespace,
    );
    ip('-n', name('sw'), 'link', 'set', 'dev', port, 'master', 'switch', 'up');
    ip('netns', 'exec', namespace, 'ethtool', '-K', device, 'tx', 'off');
    ip('-n', namespace, 'link', 'set', 'dev', 'lo', 'up');
    ip('-n', namespace, 'link', 'set', 'dev', device, 'up');
  };

  for (const namespace of all.slice(0, 4)) ip('netns', 'add', namespace);
  ip('-n', name('sw'), 'link', 'add', 'name', 'switch', 'type', 'bridge');
  ip('-n', name('sw'), 'link', 'set', 'dev', 'switch', 'up');
  for (const index of [1, 2] as const) {
    const { namespace, device, ip: address } = host(index);
    plug(namespace, device);
    // A fixed address: a bridge otherwise takes its lowest port's, and changes it when a VM comes or goes.
    ip(
      '-n',
      namespace,
      'link',
      'add',
      'name',
      'br0',
      'address',
      `02:00:00:00:0${index}:ff`,
      'type',
      'bridge',
    );
    ip('-n', namespace, 'link', 'set', 'dev', device, 'master', 'br0');
    ip('-n', namespace, 'link', 'set', 'dev', 'br0', 'up');
    ip('-n', namespace, 'addr', 'add', `${address}/24`, 'dev', 'br0');
  }
  plug(name('c'), name('ce'));
  ip('-n', name('c'), 'addr', 'add', '10.2.0.9/24', 'dev', name('ce'));

  return {
    host,
    client: name('c'),
    vm: name('vm'),
    ip,
    close() {
      for (const namespace of all) {
        try {
          ip('netns', 'del', namespace);
        } catch {
          // Not there: the VM's namespace was removed with the VM.
        }
      }
    },
  };
}
