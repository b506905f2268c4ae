/** Deterministic numbers from a seed (mulberry32): below `limit`, the same sequence for the same seed. */
function numbers(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

const networks = 24;
const services = ["22", "25", "53", "80", "113", "143", "389", "443", "631", "993", "3128", "5432", "8080"];
const lists = ["80,443", "139,445", "389,636", "25,465,587", "110,143,993,995", "901,903,905,1034"];

/**
 * A dump of a campus' router with about `count` rules: for each network a list of who may have which MAC address, the
 * networks that may come in from it, and who may reach which of its hosts; NOTRACK for the name servers, SNAT for a directory.
 */
export function campusRuleset(count: number, seed: number): string {
  const draw = numbers(seed);
  const oneOf = (from: readonly string[]): string => from[draw(from.length)] ?? "";
  const name = (net: number): string => `eth1.${100 + net}`;
  const host = (net: number): string =>
    `10.${40 + (net >> 2)}.${(net & 3) * 64 + draw(64)}.${1 + draw(254)}/32`;
  const anyHost = (): string => host(draw(networks));
  const mac = (): string =>
    ["02", ...Array.from({ length: 5 }, () => draw(256).toString(16).padStart(2, "0"))].join(":");
  const block = (net: number): string => `10.${40 + (net >> 2)}.${(net & 3) * 64}.0/18`;
  const forward: string[] = [
    "-A FORWARD -m state --state RELATED,ESTABLISHED,UNTRACKED -j ACCEPT",
    "-A FORWARD -m recent --update --seconds 60 --name DEFAULT --rsource -j log_drop",
    "-A FORWARD -s 127.0.0.0/8 -j log_drop",
  ];
  const chains: string[] = [];
  const perNetwork = Math.floor(count / networks);
  for (let net = 0; net < networks; net++) {
    forward.push(
      `-A FORWARD -s ${block(net)} -i ${name(net)} -j mac_${net}`,
      `-A FORWARD -i ${name(net)} -j range_${net}`,
      `-A FORWARD -d ${block(net)} -o ${name(net)} -j to_${net}`,
      `-A FORWARD -d 224.0.0.0/4 -o ${name(net)} -j to_${net}`,
    );
    for (let rule = 0; rule < perNetwork * 0.65; rule += 2) {
      const address = host(net);
      chains.push(
        `-A mac_${net} -s ${address} -m mac --mac-source ${mac()} -j RETURN`,
        `-A mac_${net} -s ${address} -j DROP`,
      );
    }
    chains.push(`-A range_${net} -s ${block(net)} -j RETURN`, `-A range_${net} -j log_drop`);
    for (let rule = 0; rule < perNetwork * 0.35 - 8; rule++) {
      const from = draw(4) === 0 ? "" : `-s ${anyHost()} `;
      const to = draw(5) === 0 ? "" : `-d ${host(net)} `;
      const protocol = draw(3) === 0 ? "udp" : "tcp";
      const syn = protocol === "tcp" ? " --tcp-flags FIN,SYN,RST,ACK SYN" : "";
      const ports =
        draw(3) === 0
          ? `-m ${protocol}${syn} -m multiport --dports ${oneOf(lists)}`
          : `-m ${protocol} --dport ${oneOf(services)}${syn}`;
      const asked = protocol === "udp" && ports.includes("multiport") ? ports.replace("-m udp ", "") : ports;
      chains.push(`-A to_${net} ${from}${to}-p ${protocol} -m state --state NEW ${asked} -j ACCEPT`);
    }
    chains.push(`-A to_${net} -j default`);
  }
  const names = Array.from({ length: networks }, (_, net) => [
    `mac_${net}`,
    `range_${net}`,
    `to_${net}`,
  ]).flat();
  return [
    "*raw",
    "-A PREROUTING -d 10.40.0.53/32 -p udp -m udp --dport 53 -j NOTRACK",
    "-A PREROUTING -s 10.40.0.53/32 -p udp -m udp --sport 53 -j NOTRACK",
    "COMMIT",
    "*nat",
    "-A POSTROUTING -d 10.41.0.42/32 -p tcp -m multiport --dports 389,636 -j SNAT --to-source 10.40.0.2",
    "COMMIT",
    "*filter",
    ...["log_drop", "default", ...names].map((chain) => `:${chain} - [0:0]`),
    ...forward,
    "-A FORWARD -j log_drop",
    "-A log_drop -m limit --limit 100/min -j LOG",
    "-A log_drop -j DROP",
    "-A default -p icmp -j ACCEPT",
    "-A default -m limit --limit 100/min -j REJECT --reject-with icmp-port-unreachable",
    "-A default -j DROP",
    ...chains,
    "COMMIT",
    "",
  ].join("\n");
}
