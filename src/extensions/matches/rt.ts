import { flag } from "../../arg-types/arg-type.ts";
import { integer } from "../../arg-types/integer.ts";
import { integerRange } from "../../arg-types/integer-range.ts";
import { ipv6AddressList } from "../../arg-types/ipv6-address-list.ts";
import { type Args, defineMatch, type Problem } from "../extension.ts";
import { judged, within } from "../judged.ts";
import { optionText } from "../option-text.ts";
import { missing } from "../problem.ts";
import { findRouting, hopsMatch } from "../routing-header.ts";

const max = 2 ** 32 - 1;

const requires = (needed: string, option: string): Problem =>
  missing(`\`${needed}' required before \`--${option}'`, { option });

const options = {
  "rt-type": { arg: integer({ min: 0, max }), help: "the header's type", invertible: true },
  "rt-segsleft": {
    arg: integerRange(max),
    help: "segments left, or a range of them",
    invertible: true,
    fallback: [0, max],
    omitFallback: true,
    omitInverted: true,
  },
  "rt-len": { arg: integer({ min: 0, max }), help: "bytes of the whole header", invertible: true },
  "rt-0-res": { arg: flag, help: "the reserved field is 0 (type 0)" },
  "rt-0-addrs": { arg: ipv6AddressList, help: "the addresses of the hops (type 0); at most 16" },
  "rt-0-not-strict": { arg: flag, help: "among others, in this order (type 0)" },
} as const;

/** libip6t_rt asks for each of these options whether what it needs stands before it. */
function checkOrder(args: Args<typeof options>): readonly Problem[] {
  const given = Object.keys(args);
  const before = (option: string, other: string) => given.slice(0, given.indexOf(option)).includes(other);
  const type = args["rt-type"];
  for (const option of given.filter((name) => name.startsWith("rt-0-"))) {
    if (option === "rt-0-not-strict") {
      if (!before(option, "rt-0-addrs")) return [requires("--rt-0-addr ...", option)];
    } else if (type?.value !== 0 || type.inverted || !before(option, "rt-type")) {
      return [requires("--rt-type 0", option)];
    }
  }
  return [];
}

export const rt = defineMatch({
  name: "rt",
  summary: "The routing header of IPv6",
  validIn: { families: ["ipv6"] },
  options,
  check: (args) => checkOrder(args),
  meaning(args, { family }) {
    const { "rt-type": type, "rt-len": length, "rt-segsleft": left, "rt-0-addrs": hops } = args;
    const key = optionText("rt", options, args, family);
    return judged(key, "the routing header is cut short", (packet) => {
      const header = findRouting(packet);
      if (typeof header === "string") return header === "malformed" ? header : false;
      if (!header.complete) return "malformed";
      if (!within(header.segmentsLeft, left)) return false;
      if (length && (header.length === length.value) === length.inverted) return false;
      if (type && (header.type === type.value) === type.inverted) return false;
      if (args["rt-0-res"]) {
        if (header.reserved === undefined) return "malformed";
        if (header.reserved !== 0) return false;
      }
      return !hops || hopsMatch(header, hops.value, args["rt-0-not-strict"] === undefined);
    });
  },
  examples: [
    {
      rule: "-m rt --rt-type 0 --rt-segsleft 1: -j DROP",
      saves: "-m rt --rt-type 0 --rt-segsleft 1:4294967295 -j DROP",
    },
    {
      rule: "-m rt --rt-type 0 --rt-0-addrs 2001:db8::1,2001:db8::2 --rt-0-not-strict --rt-0-res",
      saves: "-m rt --rt-type 0 --rt-0-res --rt-0-addrs 2001:db8::1,2001:db8::2 --rt-0-not-strict",
    },
    { rule: "-m rt", packet: "-p tcp --syn", matches: false },
    { rule: "-m rt --rt-0-res", refused: "option-missing" },
    { rule: "-m rt --rt-type 0 --rt-0-addrs foo", refused: "bad-value" },
    { rule: "-m rt", family: "ipv4", refused: "wrong-place" },
  ],
});
