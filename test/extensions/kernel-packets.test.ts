import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { CompiledTables } from "../../src/evaluate/compile-ruleset.ts";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";
import type { Address, Family } from "../../src/packet/address.ts";
import type { AddressType, Context, World } from "../../src/packet/context.ts";
import { fromHex } from "../../src/packet/hex.ts";
import { Packet } from "../../src/packet/packet.ts";

/**
 * What Linux 6.18 did with packets that came in over a tun device, in raw PREROUTING without conntrack: which ones matched
 * a rule and which ones the rule dropped as malformed (hotdrop).
 */
interface Recorded {
  readonly packets: Readonly<Record<Family, Readonly<Record<string, string>>>>;
  readonly rules: readonly {
    readonly rule: string;
    readonly family: Family;
    readonly matches: readonly string[];
    readonly dropped: readonly string[];
  }[];
}

const folder = new URL("../../fixtures/match-packets/", import.meta.url);

/** The recording host: 192.0.2.1/24 and 2001:db8::1/64 on tun0, no default route. */
function addressType(address: Address): AddressType {
  if (typeof address === "number") return address === 0xc0000201 ? "LOCAL" : "UNICAST";
  const own = 0x20010db8n << 96n;
  if (address === own + 1n) return "LOCAL";
  if (address >> 120n === 0xffn) return "MULTICAST";
  return address >> 64n === own >> 64n || address >> 112n === 0xfe80n ? "UNICAST" : "UNREACHABLE";
}

const world: World = {
  now: 0,
  timeZoneMinutes: 0,
  addressType,
  shared: (_, make) => make(),
  connections: { find: () => undefined },
  random: () => 0,
  chance: (probability) => 0 < probability,
  assume: () => undefined,
};

function evaluate(
  packets: Readonly<Record<string, string>>,
  rule: string,
  family: Family,
): { matches: string[]; dropped: string[] } {
  const program = family === "ipv4" ? "iptables" : "ip6tables";
  const { ruleset, diagnostics } = parseRuleset(
    `${program} -t raw -A PREROUTING -i tun0 ${rule}
`,
    { family },
  );
  const compiled = new CompiledTables(ruleset, world).get("raw")?.chain("PREROUTING")?.at(0);
  if (!compiled) throw new Error(`${rule}: ${diagnostics.map(({ message }) => message).join("; ")}`);
  const matches: string[] = [];
  const dropped: string[] = [];
  for (const [name, hex] of Object.entries(packets)) {
    const context: Context = {
      packet: new Packet(fromHex(hex)),
      hook: "PREROUTING",
      inDevice: "tun0",
      outDevice: undefined,
      world,
      hotdrop: false,
    };
    if (compiled.test(context)) matches.push(name);
    else if (context.hotdrop) dropped.push(name);
  }
  return { matches, dropped };
}

describe("packets that the kernel judged", () => {
  for (const file of readdirSync(folder).sort()) {
    const recorded: Recorded = JSON.parse(readFileSync(new URL(file, folder), "utf8"));
    for (const { rule, family, matches, dropped } of recorded.rules) {
      it(`${file}: ${family} ${rule}`, () => {
        expect(evaluate(recorded.packets[family], rule, family)).to.deep.equal({ matches, dropped });
      });
    }
  }
});
