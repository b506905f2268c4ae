import fc from "fast-check";

const choose = <T>(from: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...from);
const maybe = (text: fc.Arbitrary<string>): fc.Arbitrary<string> => fc.oneof(fc.constant(""), text);
const inverted = choose(["", "", "! "]);

const addresses = choose([
  "198.51.100.7",
  "10.0.0.5",
  "10.0.0.9",
  "10.0.0.0/29",
  "192.0.2.1",
  "203.0.113.10",
  "203.0.113.0/24",
]);

const end = maybe(
  fc.tuple(inverted, choose(["-s", "-d"]), addresses).map(([not, option, net]) => `${not}${option} ${net}`),
);

const transport = maybe(
  fc.oneof(
    fc
      .tuple(choose(["tcp", "udp"]), inverted, choose(["--dport 22", "--dport 80:8080", "--sport 4000"]))
      .map(([protocol, not, port]) => `-p ${protocol} -m ${protocol} ${not}${port}`),
    fc.tuple(inverted, choose(["tcp", "udp", "icmp"])).map(([not, protocol]) => `${not}-p ${protocol}`),
    choose([
      // iptables-nft loses the first two
      "-p tcp -m tcp ! --dport 0:65535",
      "-p tcp -m tcp --tcp-flags NONE SYN",
      "-p udp -m udp ! --sport 0:4000",
      "-p tcp -m tcp --dport 22 ! --tcp-flags SYN,ACK SYN",
    ]),
    choose(["-p tcp -m multiport --dports 22,8080", "-p udp -m multiport ! --ports 80,5000", "-p tcp --syn"]),
  ),
);

const state = maybe(
  fc
    .tuple(
      inverted,
      choose([
        "-m mark @--mark 0x1/0x3",
        "-m mark @--mark 0x2",
        "-m connmark @--mark 0x1/0x1",
        "-m tos @--tos 0x10/0xff",
        "-m conntrack @--ctstate DNAT",
        "-m conntrack @--ctstate UNTRACKED",
        "-m conntrack @--ctorigdst 203.0.113.10",
        "-m conntrack @--ctstate NEW",
        "-m conntrack @--ctstate RELATED",
        "-m conntrack @--ctstate SNAT",
        "-m conntrack @--ctstate ESTABLISHED",
        "-m conntrack @--ctstate RELATED,ESTABLISHED",
        "-m conntrack --ctstate ESTABLISHED --ctdir REPLY",
        "-m conntrack @--ctstatus SEEN_REPLY",
      ]),
    )
    .map(([not, words]) => words.replace("@", not)),
);

const conditions = fc
  .tuple(end, transport, state)
  .map((parts) => parts.filter((part) => part !== "").join(" "));

const rules = (chain: string, targets: readonly string[], most: number): fc.Arbitrary<readonly string[]> =>
  fc
    .array(fc.tuple(conditions, choose(targets)), { maxLength: most })
    .map((list) => list.map(([words, target]) => `-A ${chain} ${words} ${fitting(words, target)}`));

/** iptables takes a port to translate to only behind the name of a protocol that has ports. */
const fitting = (words: string, target: string): string =>
  /(?<!! )-p (tcp|udp)/.test(words) ? target : target.replace(/:\d[\d-]*(?= |$)| --to-ports [\d-]+/, "");

const changing = [
  "-j MARK --set-xmark 0x1/0xffffffff",
  "-j MARK --set-xmark 0x2/0x2",
  "-j MARK --xor-mark 0x3",
  "-j CONNMARK --set-xmark 0x1/0x1",
  "-j CONNMARK --save-mark",
  "-j CONNMARK --restore-mark",
  "-j TOS --set-tos 0x10/0xff",
  "-j TOS --xor-tos 0x8",
];
const verdicts = ["-j ACCEPT", "-j DROP", "-j RETURN"];

const destinations = [
  "-j DNAT --to-destination 10.0.0.9",
  "-j DNAT --to-destination 10.0.0.9:8080",
  "-j DNAT --to-destination 203.0.113.10:22",
  "-j REDIRECT",
  "-j REDIRECT --to-ports 8080",
  // ports and addresses that NAT draws
  "-j DNAT --to-destination 10.0.0.9:80-8080",
  "-j DNAT --to-destination 10.0.0.9:8000-8003 --random",
  "-j DNAT --to-destination 10.0.0.5-10.0.0.9",
  "-j REDIRECT --to-ports 20-22 --random",
  "-j ACCEPT",
];
const sources = [
  "-j SNAT --to-source 192.0.2.1",
  "-j SNAT --to-source 192.0.2.1:6000",
  "-j SNAT --to-source 10.0.0.5",
  "-j SNAT --to-source 192.0.2.1:4990-5009",
  "-j SNAT --to-source 192.0.2.1:600-700 --random",
  "-j SNAT --to-source 10.0.0.5-10.0.0.9 --random",
  "-j NETMAP --to 192.168.7.0/24",
  "-j ACCEPT",
];

/** Where packets leave: the interface's address is taken. */
const masquerades = [
  "-j MASQUERADE",
  "-j MASQUERADE --to-ports 6000",
  "-j MASQUERADE --random-fully",
  "-j MASQUERADE --to-ports 4000-4003",
];

/** Connections to FTP servers have a helper, so that there are expected ones. */
const helped = ["PREROUTING", "OUTPUT"].map(
  (chain) => `-A ${chain} -p tcp -m tcp --dport 21 -j CT --helper ftp`,
);

const policy = choose(["ACCEPT", "ACCEPT", "DROP"]);

interface Part {
  readonly table: string;
  readonly chains: readonly string[];
  readonly rules: fc.Arbitrary<readonly (readonly string[])[]>;
}

const parts: readonly Part[] = [
  {
    table: "raw",
    chains: [],
    rules: fc.tuple(
      choose([[], helped]),
      rules("PREROUTING", ["-j CT --notrack", "-j DROP", "-j ACCEPT", ""], 1),
    ),
  },
  {
    table: "mangle",
    chains: ["c"],
    rules: fc.tuple(
      rules("PREROUTING", [...changing, "-j c", "-j ACCEPT"], 3),
      rules("INPUT", changing, 1),
      rules("FORWARD", [...changing, "-g c"], 2),
      rules("OUTPUT", [...changing, "-j c"], 2),
      rules("POSTROUTING", changing, 2),
      rules("c", [...changing, ...verdicts], 2),
    ),
  },
  {
    table: "nat",
    chains: [],
    rules: fc.tuple(
      rules("PREROUTING", [...destinations, "-j DNAT --to-destination 192.0.2.1:80"], 3),
      rules("INPUT", sources, 2),
      rules("OUTPUT", destinations, 2),
      rules("POSTROUTING", [...sources, ...masquerades], 3),
    ),
  },
  {
    table: "filter",
    chains: ["a"],
    rules: fc.tuple(
      rules("INPUT", [...verdicts, "-j a", "-j REJECT"], 3),
      rules("FORWARD", [...verdicts, "-j a", "-g a"], 3),
      rules("OUTPUT", [...verdicts, "-j a"], 2),
      rules("a", verdicts, 3),
    ),
  },
  {
    table: "security",
    chains: [],
    rules: fc.tuple(rules("INPUT", verdicts, 1), rules("FORWARD", verdicts, 1), rules("OUTPUT", verdicts, 1)),
  },
];

/** A few rules in each table that change what packets are, and ask for what others changed. */
export const smallRules: fc.Arbitrary<string> = fc
  .tuple(policy, ...parts.map(({ rules: all }) => all))
  .map(([inputPolicy, ...all]) =>
    [
      ...parts.flatMap(({ table, chains }, index) => [
        `*${table}`,
        ...(table === "filter" ? [`:INPUT ${inputPolicy} [0:0]`] : []),
        ...chains.map((name) => `:${name} - [0:0]`),
        ...(all[index] ?? []).flat(),
        "COMMIT",
      ]),
      "",
    ].join("\n"),
  );
