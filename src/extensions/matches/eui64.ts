import { and, hotdropIf, opaque } from "../../formula/formula.ts";
import type { Packet } from "../../packet/packet.ts";
import { defineMatch } from "../extension.ts";

/** The interface identifier that an Ethernet address gives (RFC 4291, appendix A). */
function identifierOf(mac: Uint8Array): readonly number[] {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = mac;
  return [a ^ 2, b, c, 0xff, 0xfe, d, e, f];
}

function isFromSource({ ethernetHeader, bytes }: Packet): boolean {
  if (ethernetHeader?.[12] !== 0x86 || ethernetHeader[13] !== 0xdd) return false;
  return identifierOf(ethernetHeader.subarray(6, 12)).every((byte, index) => bytes[16 + index] === byte);
}

export const eui64 = defineMatch({
  name: "eui64",
  summary: "The source address ends in the EUI-64 of the sender's Ethernet address",
  validIn: { families: ["ipv6"], hooks: ["PREROUTING", "INPUT", "FORWARD"] },
  options: {},
  meaning: () =>
    and(
      // eui64_mt6 (ip6t_eui64.c) wants an Ethernet header in front, which a host's own packet to a group has not when it comes back
      hotdropIf(
        opaque("no Ethernet header in front", ({ packet }) => packet.packetType === "loopback"),
        "the packet has no Ethernet header",
      ),
      opaque("source address has the EUI-64 of the source MAC", ({ packet }) => isFromSource(packet)),
    ),
  examples: [
    { rule: "-m eui64 -j ACCEPT", saves: "=" },
    {
      rule: "-m eui64",
      packet: "-i eth0 -p tcp --syn -s 2001:db8::ff:fe00:1 --mac-source 00:00:00:00:00:01",
      matches: false,
    },
    { rule: "-m eui64", at: "filter/OUTPUT", refused: "wrong-place" },
    { rule: "-m eui64", family: "ipv4", refused: "wrong-place" },
  ],
});
