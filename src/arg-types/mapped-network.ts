import { maskAddress, prefixLength, prefixMask, printAddress } from "../packet/address.ts";
import { type AddressMask, hostMask } from "./address-mask.ts";
import { type ArgType, ok } from "./arg-type.ts";

/** `address[/mask]` of NETMAP: the host bits are cut off, and a mask with gaps is taken for the whole address. */
export const mappedNetwork: ArgType<AddressMask> = {
  ...hostMask,
  parse(words, site) {
    const read = hostMask.parse(words, site);
    if (!read.ok) return read;
    const { address, mask } = read.value;
    const whole = prefixMask(site.family, site.family === "ipv4" ? 32 : 128);
    const sound = prefixLength(mask) === undefined ? whole : mask;
    return ok({ address: maskAddress(address, sound), mask: sound });
  },
  print: ({ address, mask }) => `${printAddress(address)}/${prefixLength(mask)}`,
  samples: [
    { address: 0x0a000000, mask: 0xffffff00 },
    { address: 0x0a000001, mask: 0xffffffff },
  ],
};
