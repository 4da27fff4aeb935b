/** A rate as a bar: the measured part solid, what was reserved beyond it light. */
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

export function rateBar(measured: number, reserved: number | null, full: number, width: number): string {
  if (!(full > 0)) return '';
  const solid = Math.min(width, (measured / full) * width);
  const whole = Math.floor(solid);
  const part = EIGHTHS[Math.floor((solid - whole) * 8)] ?? '';
  const drawn = '█'.repeat(whole) + part;
  const promised = reserved === null ? 0 : Math.min(width, Math.round((reserved / full) * width));
  return drawn + '░'.repeat(Math.max(0, promised - [...drawn].length));
}
