import { headerBits } from "../arg-types/ipv6-headers.ts";
import { extensionHeader, extensionLength } from "../packet/extension-header.ts";
import type { Packet } from "../packet/packet.ts";
import type { Judgement } from "./judged.ts";

const { esp, none } = extensionHeader;

const kinds: Readonly<Record<number, number>> = {
  [extensionHeader.hopByHop]: headerBits["hop-by-hop"],
  [extensionHeader.routing]: headerBits["ipv6-route"],
  [extensionHeader.fragment]: headerBits["ipv6-frag"],
  [extensionHeader.authentication]: headerBits.ah,
  [extensionHeader.destinationOptions]: headerBits["ipv6-opts"],
};

/**
 * The kinds of headers that an IPv6 packet has, as `headerBits`; where the chain is cut off, what the match then says
 * (ipv6header_mt6 in ip6t_ipv6header.c).
 */
export function headersOf({ bytes }: Packet): number | Judgement {
  let header = bytes[6] ?? none;
  let at = 40;
  let found = 0;
  for (;;) {
    if (header === none) return found | headerBits["ipv6-nonxt"];
    const kind = kinds[header];
    if (kind === undefined && header !== esp) return found | headerBits.protocol;
    if (at + 2 > bytes.length) return false;
    if (kind === undefined) return found | headerBits.esp;
    found |= kind;
    const length = extensionLength(header, bytes[at + 1]!);
    header = bytes[at]!;
    at += length;
    if (at > bytes.length) break;
  }
  return header === none || header === esp ? found : found | headerBits.protocol;
}
