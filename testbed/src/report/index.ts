/** Results of stories as text for a terminal. */
export { PLAIN, type Style } from './columns.ts';
export { type ReportOptions, renderReport } from './report.ts';
