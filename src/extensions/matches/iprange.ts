import { type AddressRange, addressRange } from "../../arg-types/address-range.ts";
import { always, and, inRanges, invertIf, never } from "../../formula/formula.ts";
import { destinationField, type Field, sourceField } from "../../packet/fields.ts";
import { type Arg, defineMatch } from "../extension.ts";
import { missing } from "../problem.ts";

function inRange(field: Field, range: Arg<AddressRange> | undefined) {
  if (!range) return always;
  const [low, high] = range.value;
  return invertIf(range.inverted, low <= high ? inRanges(field, [range.value]) : never);
}

export const iprange = defineMatch({
  name: "iprange",
  summary: "Ranges of addresses that need not be networks",
  options: {
    "src-range": { arg: addressRange, help: "the source address lies in the range", invertible: true },
    "dst-range": { arg: addressRange, help: "the destination address lies in the range", invertible: true },
  },
  check({ "src-range": source, "dst-range": destination }) {
    if (source || destination) return [];
    return [missing("iprange match: You must specify `--src-range' or `--dst-range'")];
  },
  meaning({ "src-range": source, "dst-range": destination }, { family }) {
    return and(inRange(sourceField(family), source), inRange(destinationField(family), destination));
  },
  examples: [
    { rule: "-m iprange --src-range 10.0.0.6-10.0.0.10 -j ACCEPT", saves: "=" },
    {
      rule: "-m iprange ! --dst-range 10.0.0.6 --src-range 10.0-10.1",
      saves: "-m iprange --src-range 10.0.0.0-10.1.0.0 ! --dst-range 10.0.0.6-10.0.0.6",
    },
    { rule: "-m iprange --src-range 2001:db8::1-2001:db8::f", family: "ipv6", saves: "=" },
    { rule: "-m iprange --src-range 10.0.0.0/24", refused: "bad-value" },
    { rule: "-m iprange", refused: "option-missing" },
    { rule: "-m iprange --src-range 10.0.0.6-10.0.0.10", packet: "-p udp -s 10.0.0.7", matches: true },
    { rule: "-m iprange ! --src-range 10.0.0.6-10.0.0.10", packet: "-p udp -s 10.0.0.7", matches: false },
  ],
});
