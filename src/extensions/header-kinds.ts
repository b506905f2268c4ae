import { headerBits } from "../arg-types/ipv6-headers.ts";
import type { Packet } from "../packet/packet.ts";
import type { Judgement } from "./judged.ts";

const authentication = 51;
const fragment = 44;

const kinds: Readonly<Record<number, number>> = {
  0: headerBits["hop-by-hop"],
  43: headerBits["ipv6-route"],
  [fragment]: headerBits["ipv6-frag"],
  [authentication]: headerBits.ah,
  60: headerBits["ipv6-opts"],
};
const esp = 50;
const noNextHeader = 59;

/**
 * The kinds of headers that an IPv6 packet has, as `headerBits`; where the chain is cut off, what the match then says
 * (ipv6header_mt6 in ip6t_ipv6header.c).
 */
export function headersOf({ bytes }: Packet): number | Judgement {
  let header = bytes[6] ?? noNextHeader;
  let at = 40;
  let found = 0;
  for (;;) {
    if (header === noNextHeader) return found | headerBits["ipv6-nonxt"];
    const kind = kinds[header];
    if (kind === undefined && header !== esp) return found | headerBits.protocol;
    if (at + 2 > bytes.length) return false;
    if (kind === undefined) return found | headerBits.esp;
    found |= kind;
    const field = bytes[at + 1]!;
    const length = header === fragment ? 8 : header === authentication ? (field + 2) * 4 : (field + 1) * 8;
    header = bytes[at]!;
    at += length;
    if (at > bytes.length) break;
  }
  return header === noNextHeader || header === esp ? found : found | headerBits.protocol;
}
