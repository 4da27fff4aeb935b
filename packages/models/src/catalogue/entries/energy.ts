/** `sluice model energy`: what a migration of a known volume costs, by each of the energy models. */
import { bytes, fromMbitPerSec, fromSeconds, millis, transferTime } from '@sluice/units';
import {
  atRoundTrip,
  energyCost,
  energyOf,
  LIU_RECOLLECTED,
  linearEnergy,
  powerWatt,
  serverEnergy,
} from '../../energy.ts';
import { defineModel, type ModelResult } from '../model.ts';
import { numberParameter } from '../parameter.ts';
import { ASSUMED, energyParameters } from './shared.ts';

const RECOLLECTED = 'Liu et al., HPDC 2011, as recollected; calibrate';
const watt = (doc: string) => numberParameter({ unit: 'W', min: 0, default: 20, doc, source: ASSUMED });
const roundTrip = (doc: string) =>
  numberParameter({ unit: 's', above: 0, default: 0.001, doc, source: ASSUMED });

export const energyEntry = defineModel({
  name: 'energy',
  title:
    'Energy and cost of a transfer: by power over rate, by bytes, by the servers; every constant to be calibrated',
  source: 'Amendola, Cordeschi, Baccarelli 2015; Liu, Jin, Xu, Liao 2011',
  parameters: {
    volumeBytes: numberParameter({
      unit: 'B',
      above: 0,
      default: 1024 ** 3,
      doc: 'all that is sent, repeated pages included',
      source: ASSUMED,
    }),
    rateMbitPerSec: numberParameter({ unit: 'Mbit/s', above: 0, default: 500, doc: 'R', source: ASSUMED }),
    ...energyParameters,
    k0: { ...energyParameters.k0, default: 1e-6 },
    roundTripSec: roundTrip('round-trip time of the connection'),
    roundTripReferenceSec: roundTrip(
      'round-trip time at which k0 holds; K0 grows by their ratio to the alpha',
    ),
    joulePerMegabyte: numberParameter({
      unit: 'J/MB',
      min: 0,
      default: LIU_RECOLLECTED.joulePerMegabyte,
      doc: 'slope of the linear model, both hosts',
      source: RECOLLECTED,
    }),
    baseJoule: numberParameter({
      unit: 'J',
      min: 0,
      default: LIU_RECOLLECTED.joule,
      doc: 'constant of the linear model, both hosts',
      source: RECOLLECTED,
    }),
    sourceWatt: watt('what the migration adds at the source'),
    destinationWatt: watt('what it adds at the destination'),
    vmWatt: watt('what the VM draws at the other end while it is at both'),
    pricePerKilowattHour: numberParameter({
      unit: 'currency/kWh',
      min: 0,
      default: 0.1,
      doc: 'price of electricity',
      source: ASSUMED,
    }),
  },
  compute: (values): ModelResult => {
    const volume = bytes(values.volumeBytes);
    const rate = fromMbitPerSec(values.rateMbitPerSec);
    const time = transferTime(volume, rate);
    const model = atRoundTrip(
      { k0: values.k0, alpha: values.alpha },
      { now: millis(values.roundTripSec * 1000), reference: fromSeconds(values.roundTripReferenceSec) },
    );
    const communication = energyOf(rate, time, model);
    const linear = linearEnergy(volume, {
      joulePerMegabyte: values.joulePerMegabyte,
      joule: values.baseJoule,
    });
    const servers = serverEnergy(time, values);
    return {
      totalTimeSec: time / 1000,
      k0AtRoundTrip: model.k0,
      powerWatt: powerWatt(rate, model),
      communicationJoule: communication,
      linearJoule: linear,
      serversJoule: servers,
      communicationCost: energyCost(communication, values.pricePerKilowattHour),
      linearCost: energyCost(linear, values.pricePerKilowattHour),
      serversCost: energyCost(servers, values.pricePerKilowattHour),
    };
  },
});
