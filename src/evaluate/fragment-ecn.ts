/** ECN's values in the lower two bits of TOS or traffic class (RFC 3168, 5). */
const notCapable = 0;
const congestion = 3;

/**
 * The ECN bits that a datagram gets on top of its first piece's, by its pieces' own (ip_frag_ecn_table,
 * net/ipv4/inet_fragment.c): congestion that any of them met counts. `undefined` where they contradict each other, and
 * the datagram is thrown away (RFC 3168, 5.3).
 */
export function reassembledEcn(trafficClasses: readonly number[]): number | undefined {
  const seen = new Set(trafficClasses.map((trafficClass) => trafficClass & 3));
  if (seen.has(notCapable)) return seen.size > 1 ? undefined : 0;
  return seen.has(congestion) && seen.size > 1 ? congestion : 0;
}
