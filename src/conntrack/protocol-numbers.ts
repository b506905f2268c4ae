/** The protocols that have a tracker of their own (IANA numbers). All others are tracked by their addresses alone. */
export const protocol = {
  icmp: 1,
  tcp: 6,
  udp: 17,
  gre: 47,
  icmpv6: 58,
  sctp: 132,
  udplite: 136,
} as const;
