const pad1 = 0;
const padN = 1;
const routerAlert = 5;
const jumboPayload = 0xc2;
/** More padding in a row, and more options, than any sender needs (max_hbh_opts_number). */
const most = { padding: 7, options: 8 } as const;

/** What is wrong, and which byte to tell the sender about, where he is told. */
export interface HopByHopFault {
  readonly reason: string;
  readonly pointer?: number;
}

const fault = (reason: string): HopByHopFault => ({ reason });

/**
 * What is wrong with the hop-by-hop options at the start of an IPv6 packet's payload, `undefined` where Linux lets them
 * pass (ipv6_parse_hopopts, net/ipv6/exthdrs.c, before the first hook). An unknown option says itself what shall
 * become of the packet (RFC 8200, 4.2). Packets without such options are right.
 */
export function hopByHopFault(bytes: Uint8Array): HopByHopFault | undefined {
  if (bytes[6] !== 0) return undefined;
  const end = 40 + ((bytes[41] ?? 255) + 1) * 8;
  if (end > bytes.length) return fault("the packet ends inside the hop-by-hop options");
  let padding = 0;
  let options = 0;
  for (let at = 42; at < end; ) {
    const type = bytes[at] ?? 0;
    if (type === pad1) {
      if (++padding > most.padding) return fault("too much padding in the hop-by-hop options");
      at++;
      continue;
    }
    const next = at + 2 + (bytes[at + 1] ?? 255);
    if (next > end) return fault("a hop-by-hop option is longer than the header");
    if (type === padN) {
      padding += next - at;
      if (padding > most.padding) return fault("too much padding in the hop-by-hop options");
      if (bytes.subarray(at + 2, next).some((byte) => byte !== 0)) return fault("padding that is not zero");
    } else {
      padding = 0;
      if (++options > most.options) return fault("too many hop-by-hop options");
      const found = optionFault(type, next - at - 2);
      if (found) return asksForAnswer(bytes, type) ? { reason: found, pointer: at } : fault(found);
    }
    at = next;
  }
  return undefined;
}

/** The upper two bits of an unknown option: 2 asks for an answer, 3 too unless the packet went to a group. */
function asksForAnswer(bytes: Uint8Array, type: number): boolean {
  if (type === routerAlert || type === jumboPayload) return false;
  return type >> 6 === 2 || (type >> 6 === 3 && bytes[24] !== 0xff);
}

function optionFault(type: number, length: number): string | undefined {
  if (type === routerAlert) return length === 2 ? undefined : "a router alert option of the wrong length";
  // no packet that a frame can carry is long enough for it
  if (type === jumboPayload) return "a jumbo payload option in a packet that is none";
  return type >> 6 === 0 ? undefined : `hop-by-hop option ${type} demands that who does not know it discards`;
}
