import { seeded } from "./mutations.ts";

/** A packet in iptables' words, and what conntrack shall say of it. */
export type Words = string;

const unique = (values: readonly string[]): readonly string[] => [...new Set(values)];

const all = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map(([, found = ""]) => found);

/** Packets that are likely to meet the rules of a text: made of its addresses, ports and interfaces, and their neighbours. */
export function packetsFor(text: string, count: number, seed: number): readonly Words[] {
  const random = seeded(seed);
  const one = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  const devices = unique([
    "eth0",
    "eth9",
    ...all(text, /-[io] (\S+)/g).map((name) => name.replace("+", "7")),
  ]);
  const addresses = unique(["198.51.100.7", ...all(text, /(\d+\.\d+\.\d+\.\d+)/g).flatMap(neighbours)]);
  const ports = unique(["1", "40000", ...all(text, /\b(\d{1,5})\b/g).flatMap(nearPorts)]);
  const make = (): Words => {
    const words: string[] = [];
    const path = one(["in", "in", "forward", "forward", "out"]);
    if (path !== "out") words.push(`-i ${one(devices)}`);
    if (path !== "in") words.push(`-o ${one(devices)}`);
    words.push(`-s ${one(addresses)} -d ${one(addresses)}`);
    const protocol = one(["tcp", "tcp", "tcp", "udp", "udp", "icmp", "gre"]);
    words.push(`-p ${protocol}`);
    if (protocol === "tcp" || protocol === "udp") words.push(`--sport ${one(ports)} --dport ${one(ports)}`);
    if (protocol === "tcp")
      words.push(one(["--syn", "--syn", "--tcp-flags ACK", "--tcp-flags SYN,ACK", "--tcp-flags NONE"]) ?? "");
    const icmp = protocol === "icmp" ? one(["8", "0", "3/1", "11"]) : undefined;
    if (icmp) words.push(`--icmp-type ${icmp}`);
    const state = one([undefined, undefined, undefined, ...statesOf(icmp)]);
    if (state) words.push(`--ctstate ${state}`);
    return words.join(" ");
  };
  return Array.from({ length: count }, make);
}

/** The states, beside what conntrack says by itself, that a packet may have; ICMP's hang on its type. */
function statesOf(icmpType: string | undefined): readonly string[] {
  switch (icmpType) {
    case undefined:
      return ["ESTABLISHED", "RELATED", "INVALID"];
    case "8":
    case "0":
      return ["ESTABLISHED", "INVALID"];
    default:
      return ["RELATED", "INVALID"];
  }
}

function neighbours(address: string): readonly string[] {
  const [a, b, c, d] = address.split(".").map(Number);
  const last = d === 0 ? 9 : d;
  return [`${a}.${b}.${c}.${last}`, `${a}.${b}.${((c ?? 0) + 1) % 256}.${last}`].filter(
    (text) => !/^(0|127|255|22[4-9]|23)/.test(text),
  );
}

const nearPorts = (port: string): readonly string[] =>
  [Number(port), Number(port) + 1].filter((number) => number > 0 && number < 65536).map(String);
