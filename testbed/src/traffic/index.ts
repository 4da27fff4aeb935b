/** The door of the traffic tools. */
export { type Gap, gaps, goodput, longestGap, lossFraction } from './aggregate.ts';
export {
  type Endpoint,
  type Flow,
  type FlowOptions,
  type GuestClientFlow,
  startGuestClient,
  startTcpFlow,
  startUdpFlow,
} from './flows.ts';
export { type PortWatch, watchPort } from './port.ts';
export { type Prober, type ProberOptions, startEchoProber, startEchoResponder } from './prober.ts';
export { type Echo, monotonicMs, type Sample, type Window } from './sample.ts';
export type { TrafficProcess } from './traffic-process.ts';
