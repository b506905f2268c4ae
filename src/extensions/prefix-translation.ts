import { type AddressMask, hostMask } from "../arg-types/address-mask.ts";
import { maskAddress, prefixLength } from "../packet/address.ts";
import type { Arg, Problem } from "./extension.ts";
import { kernelRefuses } from "./problem.ts";

const isEmpty = ({ mask }: AddressMask): boolean => BigInt(mask) === 0n;

/** An address with its prefix's length behind it. */
const prefix = {
  ...hostMask,
  placeholder: "prefix/length",
  print: (value: AddressMask) => {
    const printed = hostMask.print(value, { family: "ipv6", protocol: undefined });
    return printed.includes("/") ? printed : `${printed}/128`;
  },
  samples: [{ address: 0xfd000000000000000000000000000000n, mask: 0xffffffffffffffff0000000000000000n }],
};

const option = (help: string) => ({ arg: prefix, help, required: true, omits: isEmpty }) as const;

/** The options that SNPT and DNPT share. */
export const prefixOptions = {
  "src-pfx": option("the prefix that is replaced"),
  "dst-pfx": option("the prefix that takes its place"),
} as const;

/** What xt_NPT refuses (ip6t_NPT.c): prefixes that are longer than half an address, or have bits behind their end. */
export function prefixProblems(
  args: Readonly<Record<keyof typeof prefixOptions, Arg<AddressMask>>>,
): readonly Problem[] {
  return (["src-pfx", "dst-pfx"] as const).flatMap((name) => {
    const { address, mask } = args[name].value;
    const refuses = (message: string): readonly Problem[] => [kernelRefuses(message, { option: name })];
    if ((prefixLength(mask) ?? 128) > 64) return refuses("the prefix may have 64 bits at most");
    return maskAddress(address, mask) === address ? [] : refuses("the prefix has bits behind its end");
  });
}

/** The effect of both: `end` is the address that is rewritten. */
export const translatePrefix = (
  end: "source" | "destination",
  args: Readonly<Record<keyof typeof prefixOptions, Arg<AddressMask>>>,
) =>
  ({
    kind: "translate-prefix",
    end,
    from: BigInt(args["src-pfx"].value.address),
    fromLength: prefixLength(args["src-pfx"].value.mask) ?? 0,
    to: BigInt(args["dst-pfx"].value.address),
    length: Math.max(...Object.values(args).map(({ value }) => prefixLength(value.mask) ?? 0)),
  }) as const;
