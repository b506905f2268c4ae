import { flag } from "../../arg-types/arg-type.ts";
import { cutInteger } from "../../arg-types/cut-integer.ts";
import { defineTarget } from "../extension.ts";
import { kernelRefuses } from "../problem.ts";

export const synproxy = defineTarget({
  name: "SYNPROXY",
  summary:
    "Answers a TCP handshake in the server's place, and goes to the server once the client has completed it",
  validIn: { hooks: ["INPUT", "FORWARD"] },
  needsConntrack: true,
  options: {
    "sack-perm": { arg: flag, help: "offer selective acknowledgements where the client does" },
    timestamp: { arg: flag, help: "offer timestamps where the client does; the two next need them" },
    wscale: { arg: cutInteger(8, "shift"), help: "the server's window scale" },
    mss: { arg: cutInteger(16, "size"), help: "the server's segment size" },
    ecn: { arg: flag, help: "offer congestion notification where the client does" },
  },
  check(_, { protocol }) {
    if (protocol?.value === 6 && !protocol.inverted) return [];
    return [kernelRefuses("only TCP has handshakes", { help: "add `-p tcp`" })];
  },
  effects: ({ "sack-perm": sack, timestamp, wscale, mss, ecn }) => [
    {
      kind: "synproxy",
      selectiveAcknowledgements: sack !== undefined,
      timestamps: timestamp !== undefined,
      congestionNotification: ecn !== undefined,
      ...(wscale && { windowScale: wscale.value }),
      ...(mss && { segmentSize: mss.value }),
    },
  ],
  examples: [
    {
      rule: "-p tcp --dport 80 -m state --state INVALID,UNTRACKED -j SYNPROXY --mss 1460 --wscale 7 --timestamp --sack-perm",
      saves:
        "-p tcp -m tcp --dport 80 -m state --state INVALID,UNTRACKED -j SYNPROXY --sack-perm --timestamp --wscale 7 --mss 1460",
    },
    { rule: "-j SYNPROXY", refused: "kernel-refuses" },
    { rule: "-p tcp -j SYNPROXY", at: "filter/OUTPUT", refused: "wrong-place" },
    { rule: "-p tcp -j SYNPROXY --mss big", refused: "bad-value" },
  ],
});
