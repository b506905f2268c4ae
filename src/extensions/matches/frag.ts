import { flag } from "../../arg-types/arg-type.ts";
import { integer } from "../../arg-types/integer.ts";
import { integerRange } from "../../arg-types/integer-range.ts";
import { extensionHeader } from "../../packet/extension-header.ts";
import { findHeader } from "../../packet/find-header.ts";
import { defineMatch } from "../extension.ts";
import { judged, within } from "../judged.ts";
import { optionText } from "../option-text.ts";

const max = 2 ** 32 - 1;

export const frag = defineMatch({
  name: "frag",
  summary:
    "The fragment header of IPv6; where connections are tracked fragments are put together before any rule",
  validIn: { families: ["ipv6"] },
  options: {
    fragid: {
      arg: integerRange(max, "id[:id]"),
      help: "the identification or a range of them",
      invertible: true,
      fallback: [0, max],
      omitFallback: true,
      omitInverted: true,
    },
    fraglen: {
      arg: integer({ min: 0, max }),
      help: "kept and printed; Linux does not look at it",
      invertible: true,
    },
    fragres: { arg: flag, help: "the reserved bits are 0" },
    fragfirst: { arg: flag, help: "the first fragment" },
    fragmore: { arg: flag, help: "there are more fragments", excludes: ["fraglast"] },
    fraglast: { arg: flag, help: "the last fragment" },
  },
  meaning(args, { family }) {
    const key = optionText("frag", this.options, args, family);
    return judged(key, "the fragment header is cut short", ({ bytes }) => {
      const at = findHeader(bytes, extensionHeader.fragment);
      if (at === "absent") return false;
      if (at === "malformed" || at + 8 > bytes.length) return "malformed";
      const view = new DataView(bytes.buffer, bytes.byteOffset + at);
      const offset = view.getUint16(2);
      const more = (offset & 1) !== 0;
      return (
        within(view.getUint32(4), args.fragid) &&
        !(args.fragres && (view.getUint8(1) !== 0 || (offset & 6) !== 0)) &&
        !(args.fragfirst && (offset & 0xfff8) !== 0) &&
        !(args.fragmore && !more) &&
        !(args.fraglast && more)
      );
    });
  },
  examples: [
    {
      rule: "-m frag --fragmore --fragid 5: -j DROP",
      saves: "-m frag --fragid 5:4294967295 --fragmore -j DROP",
    },
    { rule: "-m frag --fragid 0:4294967295 --fragfirst", saves: "-m frag --fragfirst" },
    { rule: "-m frag", packet: "-p tcp --syn", matches: false },
    { rule: "-m frag --fragmore --fraglast", refused: "option-conflict" },
    { rule: "-m frag ! --fragfirst", refused: "not-invertible" },
    { rule: "-m frag", family: "ipv4", refused: "wrong-place" },
  ],
});
