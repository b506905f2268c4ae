/** Where a decimal from 0 to `most` ends that stands at `start` of a text, without leading zeros; -1 where none does. */
export function savedNumberEnd(text: string, start: number, end: number, most: number): number {
  let value = 0;
  let at = start;
  for (; at < end; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (!(digit >= 0 && digit <= 9)) break;
    value = value * 10 + digit;
  }
  const leads = text.charCodeAt(start) === 0x30 && at > start + 1;
  return at === start || leads || value > most ? -1 : at;
}
