import { flag } from "../../arg-types/arg-type.ts";
import { headerBits, ipv6Headers } from "../../arg-types/ipv6-headers.ts";
import { defineMatch } from "../extension.ts";
import { headersOf } from "../header-kinds.ts";
import { judged } from "../judged.ts";
import { optionText } from "../option-text.ts";

const options = {
  header: {
    arg: ipv6Headers,
    help: `exactly these headers: ${Object.keys(headerBits).join(", ")}`,
    invertible: true,
    required: true,
  },
  soft: { arg: flag, help: "these headers and perhaps others" },
} as const;

export const ipv6header = defineMatch({
  name: "ipv6header",
  summary: "Which extension headers an IPv6 packet has, and whether something follows them",
  validIn: { families: ["ipv6"] },
  options,
  meaning: (args, { family }) =>
    judged(optionText("ipv6header", options, args, family), "an extension header is cut short", (packet) => {
      const found = headersOf(packet);
      if (typeof found !== "number") return found;
      const { value, inverted } = args.header;
      // inverted, --soft asks that the packet have none of them (ip6t_ipv6header.c)
      if (args.soft) return (found & value) === (inverted ? 0 : value);
      return (found === value) !== inverted;
    }),
  examples: [
    {
      rule: "-m ipv6header --soft --header frag,hop -j DROP",
      saves: "-m ipv6header --header hop-by-hop,ipv6-frag --soft -j DROP",
    },
    { rule: "-m ipv6header ! --header 255", saves: "-m ipv6header ! --header protocol" },
    { rule: "-m ipv6header --header protocol", packet: "-p tcp --syn", matches: true },
    { rule: "-m ipv6header --header hop --soft", packet: "-p tcp --syn", matches: false },
    { rule: "-m ipv6header --header tcp", refused: "bad-value" },
    { rule: "-m ipv6header --soft", refused: "option-missing" },
    { rule: "-m ipv6header --header hop", family: "ipv4", refused: "wrong-place" },
  ],
});
