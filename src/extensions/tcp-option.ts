import { type Formula, hotdropIf, inRanges, invertIf, opaque } from "../formula/formula.ts";
import type { Context } from "../packet/context.ts";
import { fields } from "../packet/fields.ts";

/** Bytes of a TCP header before its options. */
export const headerLength = 20;

/** Whether the options hold one of this kind, as tcp_find_option (xt_tcpudp.c) walks them: past the end-of-list, too. */
function hasTcpOption({ packet }: Context, kind: number): boolean {
  const end = (packet.transportByte(12) >> 4) * 4;
  for (let at = headerLength; at < end; ) {
    const found = packet.transportByte(at);
    if (found === kind) return true;
    at += found < 2 ? 1 : Math.max(1, packet.transportByte(at + 1));
  }
  return false;
}

const optionsCutShort = opaque(
  "TCP options are cut short",
  ({ packet }) => packet.transportLength < (packet.transportByte(12) >> 4) * 4,
);

/** The header has an option of this kind, or none; one whose options are cut short is dropped. */
export const tcpOption = (kind: number, inverted: boolean): readonly Formula[] => [
  hotdropIf(inRanges(fields.tcpDataOffset, [[0, 4]]), "the TCP header claims less than 20 bytes"),
  hotdropIf(optionsCutShort, "the TCP options are cut short"),
  invertIf(
    inverted,
    opaque(`TCP option ${kind}`, (context) => hasTcpOption(context, kind)),
  ),
];
