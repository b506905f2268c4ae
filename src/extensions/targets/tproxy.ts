import { hostAddress } from "../../arg-types/host-address.ts";
import { markMask } from "../../arg-types/mark.ts";
import { resolvedPort } from "../../arg-types/resolved-port.ts";
import { defineTarget } from "../extension.ts";
import { kernelRefuses } from "../problem.ts";

const noMark = { value: 0, mask: 0 };

/** The mark with its mask always behind it. */
const fullMark = {
  ...markMask,
  print: ({ value, mask }: typeof noMark) => `0x${value.toString(16)}/0x${mask.toString(16)}`,
};

export const tproxy = defineTarget({
  name: "TPROXY",
  summary: "Gives the packet to a socket of this host whatever its destination, and accepts it",
  validIn: { tables: ["mangle"], hooks: ["PREROUTING"] },
  needsDefragmentation: true,
  options: {
    "on-port": { arg: resolvedPort, help: "the socket's port; 0 is the packet's own", required: true },
    "on-ip": {
      arg: hostAddress,
      help: "the socket's address; the unspecified one is the incoming interface's",
      fallback: "any",
    },
    "tproxy-mark": {
      arg: fullMark,
      help: "the mark that the packet gets, for routing it to this host",
      fallback: noMark,
    },
  },
  check(_, { protocol }) {
    if (protocol && !protocol.inverted && (protocol.value === 6 || protocol.value === 17)) return [];
    const message = "only TCP and UDP have sockets that it could find";
    return [kernelRefuses(message, { help: "add `-p tcp` or `-p udp`" })];
  },
  effects: ({ "on-port": port, "on-ip": address, "tproxy-mark": { value: mark } }) => [
    {
      kind: "tproxy",
      port: port.value,
      ...(address.value === "any" ? {} : { address: address.value }),
      clear: mark.mask,
      xor: mark.value,
    },
  ],
  examples: [
    {
      rule: "-p tcp --dport 80 -j TPROXY --tproxy-mark 1/1 --on-port 3128",
      saves: "-p tcp -m tcp --dport 80 -j TPROXY --on-port 3128 --on-ip 0.0.0.0 --tproxy-mark 0x1/0x1",
    },
    { rule: "-p tcp -j TPROXY", refused: "option-missing" },
    { rule: "-j TPROXY --on-port 3128", refused: "kernel-refuses" },
    { rule: "-p tcp -j TPROXY --on-port proxy", refused: "bad-value" },
    { rule: "-p tcp -j TPROXY --on-port 3128", at: "mangle/INPUT", refused: "wrong-place" },
  ],
});
