/** Messages as text. */
export { formatActions } from './print/actions.ts';
export { formatFlow } from './print/flow-line.ts';
export { formatInstructions } from './print/instructions.ts';
export { formatMatch } from './print/match.ts';
export { type FormatOptions, formatMessage } from './print/message.ts';
