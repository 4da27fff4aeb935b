/**
 * A guest as arguments of QEMU. Both ends of a migration are started with the same machine, or the destination refuses
 * what arrives; they differ in their files, and in that the destination waits for its state.
 */
import type { GuestFiles } from './guest-files.ts';
import { type GuestSpec, kernelCommandLine, ramOf } from './guest-spec.ts';
import type { GuestImage } from './image.ts';

export const QEMU = 'qemu-system-x86_64';
/** Name of a guest's disk in QEMU, the same at both ends. */
export const DISK_NODE = 'drive0';

export interface MachineOptions {
  readonly spec: GuestSpec;
  readonly image: Pick<GuestImage, 'kernelPath' | 'initrdPath'>;
  readonly files: GuestFiles;
  /** Name of the tap that QEMU makes, in the namespace it runs in. */
  readonly netDevice: string;
  /** Wait for a migration instead of booting. */
  readonly incoming: boolean;
}

export function machineArguments({
  spec,
  image,
  files,
  netDevice,
  incoming,
}: MachineOptions): readonly string[] {
  const { ram } = ramOf(spec);
  return [
    ...['-name', spec.vmId],
    // Without KVM: every processor core is emulated by a thread of its own.
    ...['-accel', 'tcg', '-M', 'pc', '-m', `${ram / 1024}K`],
    ...['-nodefaults', '-display', 'none', '-no-reboot'],
    ...['-kernel', image.kernelPath, '-initrd', image.initrdPath, '-append', kernelCommandLine(spec)],
    ...['-serial', `file:${files.console}`],
    ...['-serial', `unix:${files.control},server=on,wait=off`],
    ...['-qmp', `unix:${files.qmp},server=on,wait=off`],
    ...['-chardev', `pipe,id=urgent,path=${files.urgent}`, '-mon', 'chardev=urgent,mode=control'],
    ...['-qmp', `unix:${files.labQmp},server=on,wait=off`],
    // The tap goes with the process. Without vnet_hdr the guest fills in its checksums itself: a switch in user
    // space forwards what it gets, so a checksum left for later would never come.
    ...['-netdev', `tap,id=n0,ifname=${netDevice},script=${files.attach},downscript=no,vnet_hdr=off`],
    ...['-device', `virtio-net-pci,netdev=n0,mac=${spec.mac},romfile=`],
    ...(spec.diskBytes === null
      ? []
      : [
          ...['-blockdev', `driver=raw,node-name=${DISK_NODE},file.driver=file,file.filename=${files.disk}`],
          ...['-device', `virtio-blk-pci,drive=${DISK_NODE},share-rw=on`],
        ]),
    ...['-pidfile', files.pid, '-D', files.log],
    ...(incoming ? ['-incoming', 'defer'] : []),
    // Returns when the sockets are there, or says why not.
    '-daemonize',
  ];
}
