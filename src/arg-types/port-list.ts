import { type ArgType, bad, ok } from "./arg-type.ts";
import { parsePort } from "./port.ts";
import type { PortRange } from "./port-range.ts";

/** XT_MULTI_PORTS: a range takes two of the places. */
const places = 15;

/** Ports and `port:port` ranges with commas, as libxt_multiport reads them. */
export const portList: ArgType<readonly PortRange[]> = {
  placeholder: "port[:port][,port[:port]...]",
  words: 1,
  parse([text = ""], site) {
    const ranges: PortRange[] = [];
    let used = 0;
    for (const part of text.split(",")) {
      const colon = part.indexOf(":");
      used += colon < 0 ? 1 : 2;
      if (used > places) return bad("too many ports specified");
      const low = parsePort(colon < 0 ? part : part.slice(0, colon), site.protocol);
      if (!low.ok) return low;
      const high = colon < 0 ? low : parsePort(part.slice(colon + 1), site.protocol);
      if (!high.ok) return high;
      if (colon >= 0 && low.value >= high.value) return bad("invalid portrange specified");
      ranges.push([low.value, high.value]);
    }
    return ok(ranges);
  },
  print: (ranges) => ranges.map(([low, high]) => (low === high ? `${low}` : `${low}:${high}`)).join(","),
  samples: [
    [[22, 22]],
    [
      [22, 30],
      [80, 80],
    ],
    [[0, 65535]],
  ],
};
