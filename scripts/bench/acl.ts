/** mulberry32: the same seed gives the same numbers. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
}

const dotted = (address: number): string =>
  `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;

/** The lines of an access list of `count` rules, as iptables-save prints them. */
export function aclRules(count: number, chain: string, seed = 1): string[] {
  const random = seeded(seed);
  const below = (limit: number): number => random() % limit;
  const network = (length: number): string => {
    const address = (0x0a000000 | (random() & 0x00ffffff)) >>> 0;
    return `${dotted((address & (-1 << (32 - length))) >>> 0)}/${length}`;
  };
  const lengths = [32, 32, 32, 24, 24, 28, 16];
  const end = (): string => network(lengths[below(lengths.length)]!);
  const port = (): number => 1 + below(65535);
  const kinds: readonly (() => string)[] = [
    () => `-s ${end()} -d ${end()} -p tcp -m tcp --dport ${port()} -j ACCEPT`,
    () => `-s ${end()} -d ${end()} -p tcp -m tcp --dport ${port()} -j ACCEPT`,
    () => `-s ${end()} -d ${end()} -p udp -m udp --dport ${port()} -j DROP`,
    () => `-d ${end()} -p tcp -m multiport --dports ${port()},${port()},${port()} -j ACCEPT`,
    () => `-s ${end()} -p tcp -m tcp --sport 1024:65535 --dport ${port()} -j ACCEPT`,
    () => `-s ${end()} -d ${end()} -m state --state NEW -j ACCEPT`,
    () => `-s ${end()} -i eth${below(4)} -j DROP`,
    () => {
      const first = (0x0a000000 | (random() & 0x00ffffff)) >>> 0;
      return `-p tcp -m iprange --src-range ${dotted(first)}-${dotted(first + below(300))} -m tcp --dport ${port()} -j ACCEPT`;
    },
    () => `-s ${end()} -d ${end()} -p icmp -m icmp --icmp-type 8 -j ACCEPT`,
    () => `! -s ${network(8)} -d ${end()} -p udp -m udp --dport ${port()} -j DROP`,
  ];
  return Array.from({ length: count }, () => `-A ${chain} ${kinds[below(kinds.length)]!()}`);
}

/** A dump whose FORWARD chain is an access list of `count` rules behind the usual line for what is established. */
export function aclDump(count: number, seed = 1): string {
  const established = "-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT";
  return [
    "*filter",
    ":INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]",
    established,
    ...aclRules(count - 1, "FORWARD", seed),
    "COMMIT\n",
  ].join("\n");
}
