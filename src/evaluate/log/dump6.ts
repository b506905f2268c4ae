import { bytesToAddress } from "../../packet/address.ts";
import { extensionHeader, extensionLength } from "../../packet/extension-header.ts";
import {
  cutShort,
  type Dump,
  dumpTcp,
  dumpUdp,
  hex,
  incomplete,
  type LogEffect,
  long,
  whole,
  word,
} from "./transport.ts";

/** dump_ipv6_packet (net/netfilter/nf_log_syslog.c). A packet quoted in an ICMPv6 error is shown without what it quotes. */
export function dump6(bytes: Uint8Array, effect: LogEffect, quoted: boolean): Dump {
  if (bytes.length < 40) return cutShort("TRUNCATED");
  const chain = extensionHeaders(bytes, effect);
  const text = header6(bytes) + chain.text;
  if (chain.end === undefined) return cutShort(text);
  const inner = transport6(bytes, chain.end, effect, quoted);
  return { text: text + inner.text, givesUp: inner.givesUp };
}

/** Addresses are written out in full here (%pI6). */
const address = (bytes: Uint8Array, at: number): string =>
  bytesToAddress(bytes, at, 16)
    .toString(16)
    .padStart(32, "0")
    .replace(/.{4}(?!$)/g, "$&:");

function header6(bytes: Uint8Array): string {
  const flow = ((bytes[1]! & 15) << 16) | word(bytes, 2);
  const trafficClass = ((bytes[0]! & 15) << 4) | (bytes[1]! >> 4);
  return (
    `SRC=${address(bytes, 8)} DST=${address(bytes, 24)} LEN=${word(bytes, 4) + 40} TC=${trafficClass} ` +
    `HOPLIMIT=${bytes[7]} FLOWLBL=${flow} `
  );
}

interface Transport {
  readonly protocol: number;
  readonly at: number;
  readonly fragment: boolean;
}

/** The headers that nf_log goes through: all but the one that says that nothing follows. */
const extensions: ReadonlySet<number> = new Set(
  Object.values(extensionHeader).filter((header) => header !== extensionHeader.none),
);

/** The text of the extension headers and what follows them; no `end` where the line ends with them. */
function extensionHeaders(
  bytes: Uint8Array,
  { ipOptions }: LogEffect,
): { readonly text: string; readonly end?: Transport } {
  let protocol = bytes[6]!;
  let at = 40;
  let fragment = false;
  let text = "";
  while (extensions.has(protocol)) {
    if (bytes.length - at < 2) return { text: `${text}TRUNCATED` };
    if (ipOptions) text += "OPT ( ";
    const length = extensionLength(protocol, bytes[at + 1]!);
    switch (protocol) {
      case extensionHeader.fragment: {
        if (bytes.length - at < 8) return { text: `${text}FRAG:TRUNCATED ` };
        const offset = word(bytes, at + 2) & 0xfff8;
        const more = bytes[at + 3]! & 1 ? "INCOMPLETE " : "";
        text += `FRAG:${offset} ${more}ID:${hex(long(bytes, at + 4), 8)} `;
        fragment ||= offset !== 0;
        break;
      }
      case extensionHeader.authentication: {
        if (!ipOptions) break;
        if (fragment) return { text: `${text}AH )` };
        if (bytes.length - at < 12) return { text: `${text}AH INCOMPLETE [${bytes.length - at} bytes] )` };
        text += `AH SPI=0x${hex(long(bytes, at + 4), 1)} `;
        break;
      }
      case extensionHeader.esp: {
        if (!ipOptions) return { text };
        if (fragment) return { text: `${text}ESP )` };
        if (bytes.length - at < 8) return { text: `${text}ESP INCOMPLETE [${bytes.length - at} bytes] )` };
        return { text: `${text}ESP SPI=0x${hex(long(bytes, at), 1)} )` };
      }
      default:
        if (fragment) return { text: ipOptions ? `${text})` : text };
    }
    if (ipOptions) text += ") ";
    protocol = bytes[at]!;
    at += length;
  }
  return { text, end: { protocol, at, fragment } };
}

function transport6(
  bytes: Uint8Array,
  { protocol, at, fragment }: Transport,
  effect: LogEffect,
  quoted: boolean,
): Dump {
  switch (protocol) {
    case 6:
      return dumpTcp(bytes, at, fragment, effect);
    case 17:
    case 136:
      return dumpUdp(protocol === 17 ? "UDP" : "UDPLITE", bytes, at, fragment);
    case 58:
      return fragment ? whole("PROTO=ICMPv6 ") : icmp6(bytes, at, effect, quoted);
    default:
      return whole(`PROTO=${protocol} `);
  }
}

function icmp6(bytes: Uint8Array, at: number, effect: LogEffect, quoted: boolean): Dump {
  if (bytes.length - at < 8) return cutShort(incomplete("ICMPv6", bytes, at));
  const type = bytes[at]!;
  const head = `PROTO=ICMPv6 TYPE=${type} CODE=${bytes[at + 1]} `;
  if (type === 128 || type === 129)
    return whole(`${head}ID=${word(bytes, at + 4)} SEQ=${word(bytes, at + 6)} `);
  if (type < 1 || type > 4) return whole(head);
  const pointer = type === 4 ? `POINTER=${hex(long(bytes, at + 4), 8)} ` : "";
  const quote = quoted ? "" : `[${dump6(bytes.subarray(at + 8), effect, true).text}] `;
  const mtu = type === 2 ? `MTU=${long(bytes, at + 4)} ` : "";
  return whole(head + pointer + quote + mtu);
}
