/** JSON lines on standard output, or wherever the composition root wants them. */
import { type DestinationStream, type Logger, pino } from 'pino';

export type Log = Logger;
export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

export const createLog = (level: LogLevel, destination?: DestinationStream): Log =>
  pino(
    {
      name: 'sluice',
      level,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: ['*.password', '*.authorization', '*.url'],
    },
    ...(destination ? [destination] : []),
  );
