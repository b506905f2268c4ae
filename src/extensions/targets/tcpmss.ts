import { flag } from "../../arg-types/arg-type.ts";
import { integer } from "../../arg-types/integer.ts";
import { isTcpFlags } from "../../arg-types/tcp-flags.ts";
import { defineTarget, type NamedMatch, type Problem } from "../extension.ts";
import { kernelRefuses, missing } from "../problem.ts";

const tcp = 6;
const syn = 2;

/** Whether this is what xt_TCPMSS takes for a match of SYN packets: it looks at the comparison, not at the mask. */
function asksForSyn({ name, args }: NamedMatch): boolean {
  const flags = args["tcp-flags"];
  if (name !== "tcp" || flags === undefined || flags.inverted || !isTcpFlags(flags.value)) return false;
  return (flags.value.comparison & syn) !== 0;
}

export const tcpmss = defineTarget({
  name: "TCPMSS",
  summary: "Lowers the segment size that TCP asks for and goes on",
  options: {
    "set-mss": { arg: integer({ min: 0, max: 65515, placeholder: "size" }), help: "to this size" },
    "clamp-mss-to-pmtu": { arg: flag, help: "to what the path's MTU allows" },
  },
  normalize: ({ "clamp-mss-to-pmtu": clamp, ...rest }) => (clamp ? { "clamp-mss-to-pmtu": clamp } : rest),
  check({ "set-mss": size, "clamp-mss-to-pmtu": clamp }, { protocol, hooks, matches }) {
    if (!size && !clamp) {
      return [missing("TCPMSS target: At least one parameter is required")];
    }
    const refuses = (message: string, help: string): Problem => kernelRefuses(message, { help });
    if (clamp && hooks.some((hook) => !["FORWARD", "OUTPUT", "POSTROUTING"].includes(hook))) {
      return [refuses("the path's MTU is known in FORWARD, OUTPUT and POSTROUTING only", "use --set-mss")];
    }
    const isTcp = protocol?.value === tcp && !protocol.inverted;
    if (isTcp && (matches === undefined || matches.some(asksForSyn))) return [];
    return [refuses("only SYN packets have a segment size", "add `-p tcp --tcp-flags SYN,RST SYN`")];
  },
  effects: ({ "set-mss": size }) => [{ kind: "tcp-mss", size: size?.value ?? "path-mtu" }],
  examples: [
    {
      rule: "-p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu",
      at: "mangle/FORWARD",
      saves: "-p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu",
    },
    { rule: "-p udp -j TCPMSS --set-mss 1400", at: "mangle/FORWARD", refused: "kernel-refuses" },
    { rule: "-p tcp -j TCPMSS --set-mss 1400", at: "mangle/FORWARD", refused: "kernel-refuses" },
    { rule: "-p tcp --syn -j TCPMSS", at: "mangle/FORWARD", refused: "option-missing" },
    { rule: "-p tcp --syn -j TCPMSS --set-mss 65516", at: "mangle/FORWARD", refused: "bad-value" },
  ],
});
