/** Every period, deadline and bound of the data plane's adapter, with its reason. Times in milliseconds. */
export interface NetworkLimits {
  /** One LLDP frame per port this often. How many may be missed is the topology's rule. */
  readonly lldpPeriodMs: number;
  /** How long start() waits for all switches and links before it goes on with alerts; OVS retries its controller after at most 8 s. */
  readonly startDeadlineMs: number;
  /** A switch that has not answered a request by then is taken for hung. OVS answers in milliseconds. */
  readonly requestTimeoutMs: number;
  /** How long the holder of a dpid has to answer an echo when a second connection claims it. */
  readonly duplicateProbeMs: number;
  /** How long ovs-vswitchd may take to put a queue change into force (measured: 10 ms). */
  readonly queueTimeoutMs: number;
  /** How often every switch is asked whether it still holds what it should. */
  readonly verifyPeriodMs: number;
  /** How often link loads are measured. */
  readonly loadPeriodMs: number;
  /** How long a probe frame may take to show in the queue's counter. */
  readonly probeDeadlineMs: number;
  /** How often the counter is read while it may still change. */
  readonly probePollMs: number;
  /** Tries of a probe before a port is said to classify nothing; a frame may be lost in a full queue. */
  readonly probeTries: number;
  /** LLDP packet-ins looked at per switch port and second; the network sends two. More is an attack. */
  readonly lldpPerPortPerSecMax: number;
  /** Pause before an OVSDB connection's queues are made equal to the wish again after a failure. */
  readonly reconcileRetryMs: number;
}

export const DEFAULT_LIMITS: NetworkLimits = {
  lldpPeriodMs: 500,
  startDeadlineMs: 10_000,
  requestTimeoutMs: 2000,
  duplicateProbeMs: 2000,
  queueTimeoutMs: 2000,
  verifyPeriodMs: 10_000,
  loadPeriodMs: 1000,
  probeDeadlineMs: 300,
  probePollMs: 10,
  probeTries: 3,
  lldpPerPortPerSecMax: 20,
  reconcileRetryMs: 1000,
};

/** Alerts kept; the oldest go first. */
export const ALERTS_MAX = 200;
