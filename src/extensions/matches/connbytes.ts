import { choice } from "../../arg-types/choice.ts";
import { countRange } from "../../arg-types/count-range.ts";
import { and, invertIf, opaque } from "../../formula/formula.ts";
import type { Context } from "../../packet/context.ts";
import { defineMatch } from "../extension.ts";
import { plain } from "../plain-arg.ts";

type Way = "original" | "reply" | "both";
type Figure = "packets" | "bytes" | "avgpkt";

/** The figure as connbytes_mt counts it; `undefined` where the packet has no connection or nothing counts for it. */
function measure({ packet: { tracking } }: Context, way: Way, figure: Figure): bigint | undefined {
  const counters = tracking?.kind === "tracked" ? tracking.connection.counters : undefined;
  if (!counters) return undefined;
  const ways = way === "both" ? [counters.original, counters.reply] : [counters[way]];
  const packets = BigInt(ways.reduce((sum, one) => sum + one.packets, 0));
  const bytes = BigInt(ways.reduce((sum, one) => sum + one.bytes, 0));
  if (figure !== "avgpkt") return figure === "packets" ? packets : bytes;
  return packets === 0n ? 0n : bytes / packets;
}

export const connbytes = defineMatch({
  name: "connbytes",
  summary: "How much a connection has carried, this packet included; needs and turns on nf_conntrack_acct",
  needsConntrack: true,
  needsAccounting: true,
  options: {
    connbytes: { arg: countRange, help: "the figure lies in the range", invertible: true, required: true },
    "connbytes-mode": {
      arg: choice(["packets", "bytes", "avgpkt"], {
        exactCase: true,
        message: (text) => `Unknown --connbytes-mode \`${text}'`,
      }),
      help: "packets, bytes or bytes a packet",
      required: true,
    },
    "connbytes-dir": {
      arg: choice(["original", "reply", "both"], {
        exactCase: true,
        message: (text) => `Unknown --connbytes-dir \`${text}'`,
      }),
      help: "which direction counts",
      required: true,
    },
  },
  normalize(args) {
    // the kernel inverts by swapping the bounds, so a range of one number cannot be inverted
    const { value, inverted } = args.connbytes;
    return inverted && value[0] === value[1] ? { ...args, connbytes: plain(value) } : args;
  },
  meaning({ connbytes: { value, inverted }, "connbytes-mode": mode, "connbytes-dir": way }) {
    const [low, high] = value;
    const key = `${mode.value} ${way.value}`;
    return and(
      opaque(`counts ${key}`, (c) => measure(c, way.value, mode.value) !== undefined),
      invertIf(
        inverted,
        opaque(`${key} are ${low}:${high}`, (c) => {
          const figure = measure(c, way.value, mode.value);
          return figure !== undefined && figure >= low && figure <= high;
        }),
      ),
    );
  },
  examples: [
    {
      rule: "-m connbytes --connbytes-dir both --connbytes-mode bytes --connbytes 100: -j ACCEPT",
      saves: "-m connbytes --connbytes 100 --connbytes-mode bytes --connbytes-dir both -j ACCEPT",
    },
    { rule: "-m connbytes ! --connbytes 5:7 --connbytes-mode avgpkt --connbytes-dir reply", saves: "=" },
    {
      rule: "-m connbytes --connbytes 9:5 --connbytes-mode bytes --connbytes-dir both",
      refused: "bad-value",
    },
    { rule: "-m connbytes --connbytes 9 --connbytes-mode bytes", refused: "option-missing" },
  ],
});
