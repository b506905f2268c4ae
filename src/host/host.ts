import type { Address } from "../packet/address.ts";
import type { AddressType, ReversePathOptions } from "../packet/context.ts";
import type { Packet } from "../packet/packet.ts";

export interface InterfaceAddress {
  readonly address: Address;
  readonly prefixLength: number;
  readonly broadcast: Address | undefined;
  /** As `ip` names it: "global", "link", "host". */
  readonly scope: string;
  /** A further address of a subnet that has one already; never chosen as a source (IFA_F_SECONDARY). */
  readonly secondary?: boolean;
  /** IPv6: chosen as a source only where there is no other. */
  readonly deprecated?: boolean;
}

export interface NetworkInterface {
  readonly name: string;
  readonly index: number;
  /** 6 bytes; `undefined` for an interface without Ethernet header (tun, ppp). Loopback has zeros. */
  readonly mac: Uint8Array | undefined;
  readonly mtu: number;
  /** Where it is told to send no longer IPv6 packets than these, though the link takes them (net.ipv6.conf.DEVICE.mtu). */
  readonly mtu6?: number;
  readonly up: boolean;
  readonly loopback: boolean;
  /** `ip link set … group`; absent where it has a name that only the host knows. */
  readonly group?: number;
  /** The bridge, bond or VRF that it is a port of. */
  readonly master?: string;
  readonly addresses: readonly InterfaceAddress[];
}

/** What policy rules may ask of a packet besides its addresses (flowi_proto, flowi_uli). Ports are 0 where there are none. */
export interface FlowKeys {
  readonly protocol: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

/** What a routing decision rests on (struct flowi). */
export interface RouteQuery {
  readonly source: Address | undefined;
  readonly destination: Address;
  readonly tos: number;
  readonly mark: number;
  /** Set for a received packet. */
  readonly inDevice: string | undefined;
  /** A packet of the host's own that must leave here: an answer to an address of a link. */
  readonly outDevice?: string | undefined;
  /** All 0 where they are not told. */
  readonly flow?: FlowKeys | undefined;
  /** Of the socket that sends the packet; 0, as of forwarded packets, where it is not told (sock_net_uid). */
  readonly uid?: number | undefined;
}

export type Route =
  /** To the host itself; `broadcast` also stands for a received multicast that the host takes in. */
  | {
      readonly kind: "local" | "broadcast";
      readonly device: string;
      /** The source that the host would choose for a packet of its own. */
      readonly preferredSource?: Address | undefined;
      /** Of a packet that the host sends: it gets a copy itself. */
      readonly heard?: boolean;
      readonly realms?: number;
      readonly why: string;
    }
  | {
      readonly kind: "unicast" | "multicast";
      readonly device: string;
      /** Who gets the frame: the gateway or the destination itself. */
      readonly nextHop: Address;
      /** The source that the host would choose for a packet of its own. */
      readonly preferredSource: Address | undefined;
      /** IPv6: the route itself says so (`src`). */
      readonly namesSource?: true;
      readonly mtu: number;
      /** The hop limit of the host's own packets, where the route has one. */
      readonly hopLimit?: number | undefined;
      /** Of a received packet: its sender could have reached the next hop without the host, and is told so (IPSKB_DOREDIRECT). */
      readonly redirects?: boolean;
      /** Of a packet that the host sends to a group: it belongs to the group, and gets a copy itself. */
      readonly heard?: boolean;
      /** IPv4: where the packet comes from in the upper 16 bits, where it goes in the lower; absent where nobody told. */
      readonly realms?: number | undefined;
      /** The routing-table line that decided, as `ip route` writes it. */
      readonly why: string;
    }
  /** `martian` vanishes silently; `unreachable` and `prohibit` answer with an ICMP error; `blackhole` does not. */
  | {
      readonly kind: "unreachable" | "prohibit" | "blackhole" | "martian";
      /** Of `unreachable`: the code of the ICMP error; absent for IPv4's 1, "host unreachable", and IPv6's 0, "no route". */
      readonly icmpCode?: number;
      /** There is a way, but this packet may not take it: its hop limit is looked at before (ip6_forward). */
      readonly onlyForThisPacket?: true;
      readonly why: string;
    };

/** A host as the machine needs it. `hostFromIpJson` reads it from `ip -j` output, `assumedHost` makes it from a packet's -i and -o. */
export interface Host {
  readonly interfaces: ReadonlyMap<string, NetworkInterface>;
  /** The route of a received packet (ip_route_input) or of a local one (ip_route_output). */
  route(query: RouteQuery): Route;
  addressType(address: Address, device: string | undefined): AddressType;
  /** Whether an interface has ports of which it may be the bridge; absent or `undefined` where nobody told the interfaces. */
  isBridge?(device: string): boolean | undefined;
  /** What `-m rpfilter` looks up for a received packet; absent or `undefined` where nobody told the routes. */
  reversePath?(packet: Packet, device: string, how: ReversePathOptions): boolean | undefined;
  /** The 6 bytes of the neighbour's MAC; `undefined` where it is not known. */
  neighbour(device: string, address: Address): Uint8Array | undefined;
  /** By sysctl's dotted name; `undefined` where the snapshot does not say. */
  sysctl(name: string): string | undefined;
  /**
   * The address that MASQUERADE takes on an interface towards a next hop (inet_select_addr); with `link`, one that is good
   * on that link only will do.
   */
  selectSource(device: string, towards: Address, scope?: "link"): Address | undefined;
  /** What this host's answers rest on that nobody told it, or that could not be read; may grow as questions are asked. */
  readonly assumptions: readonly string[];
}
