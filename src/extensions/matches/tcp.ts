import { flag } from "../../arg-types/arg-type.ts";
import { integer } from "../../arg-types/integer.ts";
import { portRange } from "../../arg-types/port-range.ts";
import { tcpFlags } from "../../arg-types/tcp-flags.ts";
import { and, equals, hotdropIf, invertIf } from "../../formula/formula.ts";
import { fields } from "../../packet/fields.ts";
import { defineMatch } from "../extension.ts";
import { maskedValue } from "../masked-value.ts";
import { anyPortUnlessTold, portOption } from "../port-option.ts";
import { headerLength, tcpOption } from "../tcp-option.ts";
import { portIn, wholeHeader } from "../transport-header.ts";

const onlyOneOfFlags = "Only one of `--syn' or `--tcp-flags'  allowed";

export const tcp = defineMatch({
  name: "tcp",
  summary: "TCP ports, flags and options; loaded by `-p tcp`",
  validIn: { protocols: [6] },
  options: {
    sport: {
      ...portOption("source", portRange),
      ...anyPortUnlessTold,
      once: "Only one `--source-port' allowed",
    },
    dport: {
      ...portOption("destination", portRange),
      ...anyPortUnlessTold,
      once: "Only one `--destination-port' allowed",
    },
    "tcp-option": {
      arg: integer({ min: 1, max: 255, message: (text) => `Bad TCP option "${text}"` }),
      help: "has a TCP option of this kind",
      invertible: true,
    },
    "tcp-flags": {
      arg: tcpFlags,
      help: "of the flags in mask exactly those in comp are set: FIN SYN RST PSH ACK URG ALL NONE",
      invertible: true,
      once: onlyOneOfFlags,
      fallback: { mask: 0, comparison: 0 },
      omitFallback: true,
      omits: ({ mask }) => mask === 0,
    },
    syn: {
      arg: flag,
      help: "opens a connection: `--tcp-flags FIN,SYN,RST,ACK SYN`",
      invertible: true,
      once: onlyOneOfFlags,
      into: "tcp-flags",
      convert: () => ({ mask: 23, comparison: 2 }),
    },
  },
  meaning({ sport, dport, "tcp-option": option, "tcp-flags": flags }, { family }) {
    const { mask, comparison } = flags.value;
    const cutFlags = "the second fragment starts inside the TCP header";
    return and(
      // xt_tcpudp: no honest sender cuts the flags off; ip6_tables counts the offset in bytes, so there it is never 1
      ...(family === "ipv4" ? [hotdropIf(equals(fields.fragmentOffset, 1), cutFlags)] : []),
      ...wholeHeader(headerLength),
      portIn("source", [sport.value], sport.inverted),
      portIn("destination", [dport.value], dport.inverted),
      invertIf(flags.inverted, maskedValue(fields.tcpFlags, { value: comparison, mask })),
      ...(option ? tcpOption(option.value, option.inverted) : []),
    );
  },
  examples: [
    { rule: "-p tcp --dport ssh -j ACCEPT", saves: "-p tcp -m tcp --dport 22 -j ACCEPT" },
    { rule: "-p tcp --sport 1024: --dport :1023", saves: "-p tcp -m tcp --sport 1024:65535 --dport 0:1023" },
    { rule: "-p tcp ! --syn", saves: "-p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN" },
    { rule: "-p tcp -m tcp --tcp-option 5 --tcp-flags SYN,ACK SYN", saves: "=" },
    { rule: "-p tcp --dport 65536", refused: "bad-value" },
    { rule: "-p tcp --dport 23:22", refused: "bad-value" },
    { rule: "-p udp -m tcp --dport 22", refused: "wrong-place" },
    { rule: "-p tcp --dport 22", packet: "-p tcp --dport 22", matches: true },
    { rule: "-p tcp ! --dport 22", packet: "-p tcp --dport 22", matches: false },
    { rule: "-p tcp --tcp-flags SYN,ACK SYN", packet: "-p tcp --tcp-flags ALL SYN,ACK", matches: false },
  ],
});
