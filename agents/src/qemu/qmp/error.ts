/** What goes wrong between us and a QEMU monitor. */

export type QmpErrorCode =
  /** Nobody answers at the address, or not with QMP's greeting. */
  | 'connect_failed'
  /** The connection ended, by us or by QEMU. */
  | 'closed'
  /** QEMU did not answer in time; the command may be carried out all the same. */
  | 'timed_out'
  /** QEMU said what QMP does not allow; the connection is closed. */
  | 'protocol'
  /** QEMU answered with an error; `qmpClass` and `desc` are its own words. */
  | 'refused'
  /** More commands wait for their answers than `PENDING_MAX`. */
  | 'too_many';

export class QmpError extends Error {
  override readonly name = 'QmpError';
  readonly command: string | null;
  /** QEMU's error class, such as GenericError, CommandNotFound, DeviceNotFound; null unless `refused`. */
  readonly qmpClass: string | null;
  readonly desc: string | null;

  constructor(
    readonly code: QmpErrorCode,
    message: string,
    details: {
      readonly command?: string;
      readonly qmpClass?: string;
      readonly desc?: string;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.command = details.command ?? null;
    this.qmpClass = details.qmpClass ?? null;
    this.desc = details.desc ?? null;
  }
}
