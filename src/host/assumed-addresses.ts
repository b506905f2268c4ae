import { type Address, type Family, familyOf, parseAddress } from "../packet/address.ts";
import type { InterfaceAddress, NetworkInterface } from "./host.ts";
import { isLimitedBroadcast, isLoopback, isMulticast, isUnspecified } from "./special-addresses.ts";

/** A packet's way as its words tell it: `-i` alone is to the host, `-i` and `-o` through it, `-o` alone from it. */
export interface AssumedPath {
  readonly inDevice: string | undefined;
  readonly outDevice: string | undefined;
  readonly source: Address;
  readonly destination: Address;
}

const families: readonly Family[] = ["ipv4", "ipv6"];
/** Made-up addresses are taken from here on: TEST-NET-3 (RFC 5737) and the documentation prefix (RFC 3849). */
const firstMadeUp = { ipv4: parseAddress("203.0.113.1"), ipv6: parseAddress("2001:db8:cafe::1") } as const;

const canBeOwn = (address: Address): boolean =>
  !isMulticast(address) && !isLimitedBroadcast(address) && !isUnspecified(address);

/** The interfaces and own addresses that packets hint at: what goes in without going out is the host's, so is what starts there. */
export class AssumedAddresses {
  readonly interfaces = new Map<string, NetworkInterface>();
  private readonly madeUp = new Set<Address>();
  private readonly own = new Set<Address>();

  constructor(paths: readonly AssumedPath[], unknownDevice: string) {
    const hinted = new Map<string, Set<Address>>();
    const hint = (device: string, address: Address | undefined): void => {
      const addresses = hinted.get(device) ?? new Set<Address>();
      hinted.set(device, addresses);
      if (address !== undefined && canBeOwn(address)) addresses.add(address);
    };
    for (const { inDevice, outDevice, source, destination } of paths) {
      if (inDevice !== undefined) hint(inDevice, outDevice === undefined ? destination : undefined);
      if (outDevice !== undefined) hint(outDevice, inDevice === undefined ? source : undefined);
    }
    if (paths.some((path) => path.outDevice === undefined)) hint(unknownDevice, undefined);
    const taken = new Set(paths.flatMap(({ source, destination }) => [source, destination]));
    this.interfaces.set("lo", loopback);
    for (const [name, addresses] of hinted) if (name !== "lo") this.addInterface(name, addresses, taken);
  }

  private addInterface(name: string, hinted: ReadonlySet<Address>, taken: Set<Address>): void {
    const addresses = [...hinted];
    for (const family of families) {
      if (addresses.some((address) => familyOf(address) === family)) continue;
      const address = unusedAddress(family, taken);
      taken.add(address);
      this.madeUp.add(address);
      addresses.push(address);
    }
    for (const address of addresses) this.own.add(address);
    const index = this.interfaces.size + 1;
    this.interfaces.set(name, {
      name,
      index,
      mac: Uint8Array.of(2, 0, 0, 0, 0, index),
      mtu: 1500,
      up: true,
      loopback: false,
      addresses: addresses.map(plain),
    });
  }

  isOwn(address: Address): boolean {
    return this.own.has(address) || isLoopback(address);
  }

  /** Nobody named this address: it stands in for one that the host must have. */
  isMadeUp(address: Address): boolean {
    return this.madeUp.has(address);
  }

  /** The first address of an interface. */
  of(device: string, family: Family): Address | undefined {
    const addresses = this.interfaces.get(device)?.addresses ?? [];
    return addresses.find(({ address }) => familyOf(address) === family)?.address;
  }
}

function unusedAddress(family: Family, taken: ReadonlySet<Address>): Address {
  let address: Address = firstMadeUp[family] ?? 0;
  while (taken.has(address)) address = typeof address === "number" ? address + 1 : address + 1n;
  return address;
}

const plain = (address: Address): InterfaceAddress => ({
  address,
  prefixLength: typeof address === "number" ? 32 : 128,
  broadcast: undefined,
  scope: "global",
});

const loopback: NetworkInterface = {
  name: "lo",
  index: 1,
  mac: new Uint8Array(6),
  mtu: 65536,
  up: true,
  loopback: true,
  addresses: [
    { address: 0x7f000001, prefixLength: 8, broadcast: undefined, scope: "host" },
    { address: 1n, prefixLength: 128, broadcast: undefined, scope: "host" },
  ],
};
