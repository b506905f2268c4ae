import { expect } from "chai";
import fc from "fast-check";
import { analyse } from "../../src/analyse/analyse.ts";
import type { Analysis, Region } from "../../src/analyse/analysis.ts";
import { Machine } from "../../src/evaluate/machine.ts";
import { and, equals, type Formula } from "../../src/formula/formula.ts";
import { assumedHost } from "../../src/host/assumed-host.ts";
import { composePacket } from "../../src/model/packet-words.ts";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";
import { buildFrame } from "../../src/packet/ethernet.ts";
import { fields } from "../../src/packet/fields.ts";
import { Packet } from "../../src/packet/packet.ts";

/** Few addresses, ports and interfaces, so that random rules and random packets meet. */
const addresses = ["10.0.0.1", "10.0.0.2", "10.0.0.9", "192.0.2.5"] as const;
const networks = [...addresses, "10.0.0.0/30", "10.0.0.0/8"] as const;
const ports = [21, 22, 23, 80] as const;
const choose = <T>(from: readonly T[]) => fc.constantFrom(...from);
const maybe = (text: fc.Arbitrary<string>) => fc.option(text, { nil: "", freq: 1 });
const inverted = fc.constantFrom("", "! ");

const condition = fc
  .tuple(
    maybe(fc.tuple(inverted, choose(networks)).map(([not, net]) => `${not}-s ${net}`)),
    maybe(fc.tuple(inverted, choose(networks)).map(([not, net]) => `${not}-d ${net}`)),
    maybe(fc.tuple(inverted, choose(["eth0", "eth1", "eth+"])).map(([not, name]) => `${not}-i ${name}`)),
    fc.oneof(
      fc.constant(""),
      fc
        .tuple(choose(["tcp", "udp"]), inverted, choose(["22", "21:23", "80:"]))
        .map(([protocol, not, port]) => `-p ${protocol} -m ${protocol} ${not}--dport ${port}`),
      fc
        .tuple(inverted, choose(["22,80", "21:22,80"]))
        .map(([not, list]) => `-p tcp -m multiport ${not}--dports ${list}`),
      choose([
        "! -p tcp",
        "-p tcp --syn",
        "-m mark --mark 0x1/0x3",
        "-m mark ! --mark 0x2",
        "-p udp -m length --length 28:30",
      ]),
    ),
  )
  .map((parts) => parts.filter((part) => part !== "").join(" "));

const target = choose(["-j ACCEPT", "-j DROP", "-j RETURN", "-j a", "-g a", "-j b", "-j REJECT", ""]);
const targetInside = choose(["-j ACCEPT", "-j DROP", "-j RETURN", "-g b", "-j b", ""]);
const rules = (chain: string, targets: fc.Arbitrary<string>, most: number) =>
  fc
    .array(fc.tuple(condition, targets), { maxLength: most })
    .map((list) => list.map(([words, verdict]) => `-A ${chain} ${words} ${verdict}`));
const marks = fc
  .array(
    fc.tuple(condition, choose(["--set-mark 1", "--set-xmark 0x2/0x2", "--or-mark 4", "--xor-mark 3"])),
    { maxLength: 3 },
  )
  .map((list) => list.map(([words, mark]) => `-A PREROUTING ${words} -j MARK ${mark}`));

const rulesetText = fc
  .tuple(
    choose(["ACCEPT", "DROP"]),
    rules("INPUT", target, 6),
    rules("a", targetInside, 4),
    rules("b", choose(["-j ACCEPT", "-j DROP", "-j RETURN", ""]), 4),
    marks,
  )
  .map(([policy, input, a, b, mangle]) =>
    [
      ...(mangle.length > 0 ? ["*mangle", ...mangle, "COMMIT"] : []),
      "*filter",
      `:INPUT ${policy} [0:0]`,
      ":a - [0:0]",
      ":b - [0:0]",
      ...input,
      ...a,
      ...b,
      "COMMIT",
      "",
    ].join("\n"),
  );

const packetWords = fc
  .tuple(
    choose(["eth0", "eth1"]),
    choose(addresses),
    choose(addresses),
    choose(["tcp", "udp"]),
    choose(ports),
    fc.boolean(),
  )
  .map(
    ([device, source, destination, protocol, port, syn]) =>
      `-i ${device} -s ${source} -d ${destination} -p ${protocol} --sport 4000 --dport ${port}${protocol === "tcp" ? (syn ? " --syn" : " --tcp-flags ACK") : ""}`,
  );

/** All that the rules above may ask of a packet, as one formula. */
function exactly({ bytes }: { readonly bytes: Uint8Array }, device: string): Formula {
  const packet = new Packet(bytes);
  return and(
    { kind: "device", field: "inDevice", name: device, prefix: false },
    equals(fields.source4, packet.source),
    equals(fields.destination4, packet.destination),
    equals(fields.protocol, packet.protocol),
    equals(fields.sourcePort, packet.transportWord(0)),
    equals(fields.destinationPort, packet.transportWord(2)),
    equals(fields.length, packet.length),
    equals(fields.mark, 0),
    equals(fields.fragmentOffset, 0),
    ...(packet.protocol === 6 ? [equals(fields.tcpFlags, packet.transportByte(13))] : []),
  );
}

/** The regions of INPUT that have the packet. */
function regionsWith(analysis: Analysis, formula: Formula): readonly Region[] {
  const { space } = analysis;
  const one = space.set(formula);
  return analysis.path("INPUT").regions.filter(({ packets }) => !space.disjoint(packets, one));
}

describe("packet sets against the machine", () => {
  it("give every packet of a small world the one fate that the machine gives it", () => {
    fc.assert(
      fc.property(rulesetText, fc.array(packetWords, { minLength: 8, maxLength: 8 }), (text, wordings) => {
        const { ruleset, diagnostics } = parseRuleset(text, { family: "ipv4", filename: "rules" });
        fc.pre(diagnostics.every(({ severity }) => severity !== "error"));
        const analysis = analyse(ruleset);
        for (const words of wordings) {
          const { value } = composePacket(words, "ipv4", "packet");
          const device = value?.inDevice ?? "";
          const packet = new Packet(value!.bytes);
          const host = assumedHost([
            {
              inDevice: device,
              outDevice: undefined,
              source: packet.source,
              destination: packet.destination,
            },
          ]);
          const machine = new Machine(ruleset, { host, now: 0 });
          const frame = buildFrame(new Uint8Array(6), new Uint8Array(6).fill(2), value!.bytes);
          const { fate } = machine.receive(device, frame, 1);
          // routing drops a martian: no rule is asked
          if (fate.decision.kind === "host") continue;
          const regions = regionsWith(analysis, exactly(value!, device));
          const told = `${text}\n${words}: ${fate.verdict}, ${fate.decision.kind}`;
          expect(regions, told).to.have.length(1);
          expect(regions[0]?.outcome, told).to.equal(fate.verdict);
          const { by } = regions[0]!;
          if (fate.decision.kind === "rule") {
            const { table, chain, number } = fate.decision;
            expect(by, told).to.deep.include({ table, chain, number });
          } else expect(by, told).to.have.property("policy");
        }
      }),
      { numRuns: 150 },
    );
  });
});
