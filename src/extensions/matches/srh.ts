import { hostMask } from "../../arg-types/address-mask.ts";
import { integer } from "../../arg-types/integer.ts";
import { prefixMask } from "../../packet/address.ts";
import { type Arg, defineMatch } from "../extension.ts";
import { judged } from "../judged.ts";
import { optionText } from "../option-text.ts";
import { findRouting } from "../routing-header.ts";
import { type SegmentOptions, segmentsMatch } from "../segment-routing.ts";

const byte = (help: string) => ({ arg: integer({ min: 0, max: 255 }), help, invertible: true }) as const;
const samples = [
  { address: 0x20010db8n << 96n, mask: prefixMask("ipv6", 64) },
  { address: 1n, mask: prefixMask("ipv6", 128) },
];
const segment = (which: string) =>
  ({
    arg: { ...hostMask, print: printSegment, samples },
    help: `the ${which} segment`,
    invertible: true,
  }) as const;

/** iptables-save writes the length of a whole address, too (libip6t_srh.c). */
const printSegment: typeof hostMask.print = (value, site) => {
  const text = hostMask.print(value, site);
  return text.includes("/") ? text : `${text}/128`;
};

const options = {
  "srh-next-hdr": byte("the next header"),
  "srh-hdr-len-eq": byte("the length field"),
  "srh-hdr-len-gt": byte("the length field is greater"),
  "srh-hdr-len-lt": byte("the length field is less"),
  "srh-segs-left-eq": byte("segments left"),
  "srh-segs-left-gt": byte("more segments are left"),
  "srh-segs-left-lt": byte("fewer segments are left"),
  "srh-last-entry-eq": byte("the index of the last segment in the list"),
  "srh-last-entry-gt": byte("the index of the last segment is greater"),
  "srh-last-entry-lt": byte("the index of the last segment is less"),
  "srh-tag": { arg: integer({ min: 0, max: 65535 }), help: "the tag", invertible: true },
  "srh-psid": segment("previous"),
  "srh-nsid": segment("next"),
  "srh-lsid": segment("last"),
} as const;

/** Of one field the kernel keeps one value, whichever way it is compared: the one that was given last. */
function shareValues<A extends SegmentOptions>(args: A): A {
  const shared: Record<string, Arg<unknown> | undefined> = {};
  for (const [name, arg] of Object.entries(args)) {
    const stem = name.replace(/-(eq|gt|lt)$/, "");
    if (stem === name || !arg) continue;
    for (const other of ["eq", "gt", "lt"].map((way) => `${stem}-${way}`)) {
      const given = args[other];
      if (given) shared[other] = { ...given, value: arg.value };
    }
  }
  return { ...args, ...shared };
}

export const srh = defineMatch({
  name: "srh",
  summary: "The segment routing header of IPv6 (RFC 8754)",
  validIn: { families: ["ipv6"] },
  options,
  normalize: (args) => shareValues(args),
  meaning: (args, { family }) =>
    judged(optionText("srh", options, args, family), "the routing header is cut short", (packet) => {
      const header = findRouting(packet);
      // srh_mt6 lets a packet pass whose headers are cut short
      return typeof header !== "string" && segmentsMatch(header, args);
    }),
  examples: [
    {
      rule: "-m srh --srh-nsid 2001:db8::1 ! --srh-tag 0x10 -j DROP",
      saves: "-m srh ! --srh-tag 16 --srh-nsid 2001:db8::1/128 -j DROP",
    },
    {
      rule: "-m srh --srh-segs-left-gt 1 --srh-segs-left-lt 5",
      saves: "-m srh --srh-segs-left-gt 5 --srh-segs-left-lt 5",
    },
    { rule: "-m srh", packet: "-p tcp --syn", matches: false },
    { rule: "-m srh --srh-next-hdr tcp", refused: "bad-value" },
    { rule: "-m srh", family: "ipv4", refused: "wrong-place" },
  ],
});
