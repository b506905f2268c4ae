import { type Address, type Family, maskAddress, prefixMask, printAddress } from "../../packet/address.ts";
import { protocolName } from "../../packet/protocols.ts";
import { printPort } from "./port-part.ts";

/** One dimension of an element. */
export type Part =
  | { readonly kind: "ip"; readonly address: Address }
  | { readonly kind: "net"; readonly address: Address; readonly prefix: number }
  /** ICMP has its type and code in the port; a bitmap's ports have protocol 0. */
  | { readonly kind: "port"; readonly protocol: number; readonly port: number }
  /** 48 bits; `undefined` in a bitmap:ip,mac that is to learn it from the first packet. */
  | { readonly kind: "mac"; readonly address: number | undefined }
  | { readonly kind: "mark"; readonly mark: number }
  /** `physical`: a port of a bridge. `wildcard`: every interface whose name begins so. */
  | {
      readonly kind: "iface";
      readonly name: string;
      readonly physical: boolean;
      readonly wildcard: boolean;
    }
  | { readonly kind: "set"; readonly name: string };

export const hostPrefix = (family: Family): number => (family === "ipv4" ? 32 : 128);

/** A network with its host bits taken away. */
export function networkPart(address: Address, prefix: number, family: Family): Part {
  return { kind: "net", address: maskAddress(address, prefixMask(family, prefix)), prefix };
}

const macText = (address: number): string =>
  address
    .toString(16)
    .toUpperCase()
    .padStart(12, "0")
    .replace(/..(?!$)/g, "$&:");

function printPart(part: Part, family: Family): string {
  switch (part.kind) {
    case "ip":
      return printAddress(part.address);
    case "net": {
      const address = printAddress(part.address);
      return part.prefix === hostPrefix(family) ? address : `${address}/${part.prefix}`;
    }
    case "port":
      return part.protocol === 0
        ? String(part.port)
        : `${protocolName(part.protocol)}:${printPort(part.protocol, part.port)}`;
    case "mac":
      return macText(part.address ?? 0);
    case "mark":
      return `0x${part.mark.toString(16).padStart(8, "0")}`;
    case "iface":
      return `${part.physical ? "physdev:" : ""}${part.name}`;
    case "set":
      return part.name;
  }
}

/** An element as `ipset save` prints it. */
export const printParts = (parts: readonly Part[], family: Family): string =>
  parts
    .filter((part) => part.kind !== "mac" || part.address !== undefined)
    .map((part) => printPart(part, family))
    .join(",");
