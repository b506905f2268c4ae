import { expect } from "chai";
import fc from "fast-check";
import { Machine, type MachineOptions } from "../../../src/evaluate/machine.ts";
import { assumedHost } from "../../../src/host/assumed-host.ts";
import { composePacket } from "../../../src/model/packet-words.ts";
import { parseRuleset } from "../../../src/model/parse-ruleset.ts";
import { printRuleset } from "../../../src/model/print.ts";
import type { Ruleset } from "../../../src/model/ruleset.ts";
import type { Family } from "../../../src/packet/address.ts";
import { setHeaderChecksum } from "../../../src/packet/checksum.ts";
import { buildFrame } from "../../../src/packet/ethernet.ts";
import { Packet } from "../../../src/packet/packet.ts";

/**
 * The plain walk is the definition; an index must not be noticed. Few values for each field, so that rules overlap, and rules
 * whose memory or whose dropping on the spot would show if one were passed over or looked at out of turn.
 */

const pick = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const maybe = (words: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof({ weight: 2, arbitrary: fc.constant("") }, { weight: 1, arbitrary: words });
const inverting = (option: string, values: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(fc.boolean(), fc.boolean(), values)
    .map(([one, other, value]) => `${one && other ? "! " : ""}${option} ${value}`);

const networks: Readonly<Record<Family, fc.Arbitrary<string>>> = {
  ipv4: pick("10.0.0.1", "10.0.0.0/24", "10.0.0.0/8", "10.0.1.0/24", "192.0.2.7", "10.0.0.1/255.0.0.255"),
  ipv6: pick("2001:db8::1", "2001:db8::/64", "2001:db8::/33", "2001:db8:1::/48", "2001:db8::1/ffff::ffff"),
};
const ranges: Readonly<Record<Family, fc.Arbitrary<string>>> = {
  ipv4: pick("10.0.0.1-10.0.0.5", "10.0.0.200-10.0.3.1", "192.0.2.7-192.0.2.7"),
  ipv6: pick("2001:db8::1-2001:db8::5", "2001:db8::ffff:0-2001:db8:0:0:1::"),
};
const hosts: Readonly<Record<Family, fc.Arbitrary<string>>> = {
  ipv4: pick("10.0.0.1", "10.0.0.9", "10.0.1.1", "10.9.0.1", "192.0.2.7"),
  ipv6: pick("2001:db8::1", "2001:db8::9", "2001:db8:1::1", "2001:db8:8000::1", "2001:db8::ffff:1"),
};
const ports = pick("22", "53", "80", "1024:65535", "50:90");
const states = pick("NEW", "ESTABLISHED", "NEW,INVALID", "RELATED,ESTABLISHED", "UNTRACKED", "SNAT");

/** The part of a rule that goes with its protocol. */
const protocol = fc.oneof(
  fc.constant(""),
  inverting("-p", pick("tcp", "udp")),
  fc
    .tuple(inverting("--dport", ports), maybe(inverting("--sport", ports)))
    .map((all) => `-p tcp ${all.join(" ")}`),
  inverting("--dport", ports).map((text) => `-p udp -m udp ${text}`),
  pick("dports", "sports", "ports").map((option) => `-p tcp -m multiport --${option} 22,80,1000:3000`),
  fc.constant("-p udp -m multiport ! --dports 22,53"),
  fc.constant("-p tcp -m tcp --tcp-flags SYN,ACK SYN"),
  fc.constant("-p tcp -m tcp --tcp-option 8"),
);
const more = (family: Family): fc.Arbitrary<string> =>
  fc.oneof(
    inverting("-m state --state", pick("NEW", "ESTABLISHED")).map((text) =>
      text.startsWith("!") ? "-m state ! --state NEW" : text,
    ),
    states.map((state) => `-m conntrack --ctstate ${state}`),
    pick("0x1", "0x0/0x3", "0x2/0x2").map((mark) => `-m mark --mark ${mark}`),
    ranges[family].map((range) => `-m iprange --src-range ${range}`),
    ranges[family].map((range) => `-m iprange ! --dst-range ${range}`),
    fc.constant("-m limit --limit 1/hour --limit-burst 2"),
    fc.constant("-m statistic --mode nth --every 2 --packet 0"),
    fc.constant("-m recent --name seen --set"),
    fc.constant("-m recent --name seen --rcheck --hitcount 3"),
    fc.constant("-m addrtype --src-type LOCAL"),
    fc.constant("-m nonesuch --option"),
    fc.constant('-m string --algo bm --string "no"'),
  );
const filterTargets = pick("", "-j ACCEPT", "-j DROP", "-j RETURN", "-j a", "-g b", "-j LOG", "-j REJECT");
const mangleTargets = pick(
  "",
  "-j MARK --set-mark 1",
  "-j MARK --set-xmark 0x2/0x2",
  "-j a",
  "-g b",
  "-j RETURN",
);
const rawTargets = pick("", "-j NOTRACK", "-j a", "-j RETURN");

function rule(family: Family, targets: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const parts = [
    maybe(inverting("-s", networks[family])),
    maybe(inverting("-d", networks[family])),
    maybe(inverting("-i", pick("eth0", "eth1", "eth+"))),
    protocol,
    maybe(more(family)),
    maybe(more(family)),
    targets,
  ];
  return fc.tuple(...parts).map((words) => words.filter((word) => word !== "").join(" "));
}

const table = (
  family: Family,
  name: string,
  hook: string,
  targets: fc.Arbitrary<string>,
): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.array(rule(family, targets), { minLength: 1, maxLength: 60, size: "max" }),
      fc.array(rule(family, pick("", "-j RETURN")), { maxLength: 12 }),
      fc.array(rule(family, pick("", "-j RETURN")), { maxLength: 12 }),
    )
    .map(([own, a, b]) =>
      [
        `*${name}`,
        `:${hook} ACCEPT [0:0]\n:a - [0:0]\n:b - [0:0]`,
        ...own.map((words) => `-A ${hook} ${words}`),
        ...a.map((words) => `-A a ${words}`),
        ...b.map((words) => `-A b ${words}`),
        "COMMIT\n",
      ].join("\n"),
    );

const rulesOf = (family: Family): fc.Arbitrary<string> =>
  fc
    .tuple(
      table(family, "raw", "PREROUTING", rawTargets),
      table(family, "mangle", "PREROUTING", mangleTargets),
      table(family, "filter", "INPUT", filterTargets),
    )
    .map((tables) => tables.join(""));

interface Sent {
  readonly words: string;
  /** Bytes that are left of the packet; most lose none. */
  readonly cut: number;
}

const packetOf = (family: Family): fc.Arbitrary<Sent> =>
  fc
    .tuple(
      hosts[family],
      hosts[family],
      pick("tcp", "tcp", "udp"),
      pick("22", "53", "80", "2000"),
      pick("1024", "80"),
      pick(99, 99, 99, 99, 10),
    )
    .map(([source, destination, name, dport, sport, cut]) => ({
      words: `-i eth0 -s ${source} -d ${destination} -p ${name} --sport ${sport} --dport ${dport}`,
      cut,
    }));

/** The packet cut short behind its IP header, whose length and checksum say so. */
function cutShort(bytes: Uint8Array, family: Family, left: number): Uint8Array {
  const header = family === "ipv4" ? 20 : 40;
  const cut = bytes.slice(0, header + left);
  const [at, length] = family === "ipv4" ? [2, cut.length] : [4, cut.length - header];
  cut[at] = length >> 8;
  cut[at + 1] = length;
  if (family === "ipv4") setHeaderChecksum(cut);
  return cut;
}

/** All that can be seen of a machine that was given these packets. */
function run(ruleset: Ruleset, packets: readonly Sent[], options: Partial<MachineOptions>) {
  const { family } = ruleset;
  const written = packets.map(({ words }) => {
    const { value, diagnostics } = composePacket(words, family, "packet");
    if (!value) throw new Error(`${words}: ${diagnostics[0]?.message}`);
    return value;
  });
  const paths = written.map(({ bytes }) => {
    const { source, destination } = new Packet(bytes);
    return { inDevice: "eth0", outDevice: undefined, source, destination };
  });
  const host = assumedHost(paths);
  const machine = new Machine(ruleset, { host, now: 0, ...options });
  const mac = host.interfaces.get("eth0")?.mac ?? new Uint8Array(6);
  const traces = written.map(({ bytes }, index) => {
    const frame = buildFrame(
      mac,
      Uint8Array.of(2, 0, 0, 0, 0, 9),
      cutShort(bytes, family, packets[index]?.cut ?? 99),
    );
    return machine.receive("eth0", frame, index, index % 3 === 1 ? { mark: 2 } : {});
  });
  const plain = traces.map(({ events, fate, emitted, assumptions }) => ({
    events,
    fate,
    emitted,
    assumptions,
  }));
  return {
    traces: plain,
    counters: printRuleset(machine.counters(), { counters: true }),
    table: machine.conntrack(),
  };
}

const families: readonly Family[] = ["ipv4", "ipv6"];

describe("the index of a chain", () => {
  for (const family of families) {
    for (const options of [{}, { backend: "nft" } as const, { nearMisses: true }]) {
      it(`changes no trace, counter or connection: ${family}, ${JSON.stringify(options)}`, () => {
        const packets = fc.array(packetOf(family), { minLength: 1, maxLength: 12 });
        fc.assert(
          fc.property(rulesOf(family), packets, (rules, sent) => {
            const { ruleset } = parseRuleset(rules, { family, filename: "generated" });
            const indexed = run(ruleset, sent, { ...options, indexFrom: 1 });
            expect(indexed).to.deep.equal(
              run(ruleset, sent, { ...options, indexFrom: Number.POSITIVE_INFINITY }),
            );
          }),
          { numRuns: 60 },
        );
      });
    }
  }
});
