const pad1 = 0;
const padN = 1;
const routerAlert = 5;
const jumboPayload = 0xc2;
/** More padding in a row, and more options, than any sender needs (max_hbh_opts_number). */
const most = { padding: 7, options: 8 } as const;

/** What the sender is told of: a byte and ICMPv6's code of a parameter problem (RFC 4443, 3.4). */
export interface ParameterProblem {
  readonly code: 0 | 2;
  readonly pointer: number;
}

/** What is wrong, and what the sender is told, where he is. */
export interface HopByHopFault {
  readonly reason: string;
  readonly problem?: ParameterProblem;
}

const erroneousField = 0;
const unknownOption = 2;

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
      const found = type === jumboPayload ? jumboFault(bytes, at) : optionFault(bytes, at);
      if (found) return found;
    }
    at = next;
  }
  return undefined;
}

/** The upper two bits of an unknown option: 1 discards, 2 asks for an answer too, 3 unless the packet went to a group. */
function optionFault(bytes: Uint8Array, at: number): HopByHopFault | undefined {
  const type = bytes[at]!;
  if (type === routerAlert) {
    return bytes[at + 1] === 2 ? undefined : fault("a router alert option of the wrong length");
  }
  const demand = type >> 6;
  if (demand === 0) return undefined;
  const reason = `hop-by-hop option ${type} demands that who does not know it discards`;
  const asks = demand === 2 || (demand === 3 && bytes[24] !== 0xff);
  return asks ? { reason, problem: { code: unknownOption, pointer: at } } : fault(reason);
}

/** ipv6_hop_jumbo: no packet that a frame can carry is long enough for the option (RFC 2675). */
function jumboFault(bytes: Uint8Array, at: number): HopByHopFault {
  if (bytes[at + 1] !== 4 || at % 4 !== 2)
    return fault("a jumbo payload option of the wrong length or place");
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(at + 2);
  if (length <= 65535) {
    const reason = "a jumbo payload option for a length that needs none";
    return { reason, problem: { code: erroneousField, pointer: at + 2 } };
  }
  if ((bytes[4]! | bytes[5]!) !== 0) {
    const reason = "a jumbo payload option beside a payload length";
    return { reason, problem: { code: erroneousField, pointer: at } };
  }
  return fault("the packet is shorter than its jumbo payload option says");
}
