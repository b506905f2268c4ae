import type { Address } from "../packet/address.ts";
import type { SetReference } from "../packet/host-sets.ts";

/** A builtin verdict. QUEUE leaves the host's rules for a program of the user's. */
export type Verdict = "ACCEPT" | "DROP" | "RETURN" | "QUEUE";

/** The new addresses and ports that NAT may choose from; absent ends keep what the packet has (struct nf_nat_range2). */
export interface NatRange {
  readonly addresses?: readonly [low: Address, high: Address];
  /** Ports, or ICMP ids. */
  readonly ports?: readonly [low: number, high: number];
  /** `--to-destination a:p-q/base`: the port is shifted by its distance from `base`. */
  readonly basePort?: number;
  readonly random?: boolean;
  readonly randomFully?: boolean;
  readonly persistent?: boolean;
}

export type RejectType =
  | "icmp-net-unreachable"
  | "icmp-host-unreachable"
  | "icmp-proto-unreachable"
  | "icmp-port-unreachable"
  | "icmp-net-prohibited"
  | "icmp-host-prohibited"
  | "icmp-admin-prohibited"
  | "tcp-reset"
  | "icmp6-no-route"
  | "icmp6-adm-prohibited"
  | "icmp6-addr-unreachable"
  | "icmp6-port-unreachable"
  | "icmp6-policy-fail"
  | "icmp6-reject-route";

/**
 * What a target does, as data. A rule's effects run in order; all but `verdict`, `nat`, `netmap`, `masquerade`, `redirect`,
 * `reject` and `nfqueue` let the walk go on with the next rule.
 */
export type Effect =
  | { readonly kind: "verdict"; readonly verdict: Verdict }
  /** `mark = (mark & ~clear) ^ xor` (xt_mark). */
  | { readonly kind: "mark"; readonly clear: number; readonly xor: number }
  | { readonly kind: "nat"; readonly manip: "source" | "destination"; readonly range: NatRange }
  /** Source NAT to the address of the outgoing interface. */
  | { readonly kind: "masquerade"; readonly range: NatRange }
  /** Destination NAT to the host itself: the incoming interface's address, loopback for local packets. */
  | { readonly kind: "redirect"; readonly range: NatRange }
  | { readonly kind: "reject"; readonly with: RejectType }
  | {
      readonly kind: "log";
      readonly prefix: string;
      /** syslog severity, 0 (emerg) to 7 (debug). */
      readonly level: number;
      readonly tcpSequence: boolean;
      readonly tcpOptions: boolean;
      readonly ipOptions: boolean;
      readonly uid: boolean;
      readonly macDecode: boolean;
    }
  | { readonly kind: "notrack" }
  /** `-j CT`: what the connection that this packet opens shall get. */
  | {
      readonly kind: "ct";
      readonly zone?: number;
      /** The zone is the lower half of the packet's mark. */
      readonly zoneFromMark?: true;
      /** The zone is for the tuple of this direction only; the other one stays in zone 0. */
      readonly zoneDirection?: "original" | "reply";
      readonly helper?: string;
      /** A policy that programs set up with nfnetlink_cttimeout. */
      readonly timeoutPolicy?: string;
    }
  /**
   * `-j CONNMARK`: `set` gives the connection the mark `(ctmark & ~ctMask) ^ value`; `save` takes `mark & nfMask` for the
   * value, `restore` gives the packet `(mark & ~nfMask) ^ (ctmark & ctMask)`. A shift is applied to what is written in
   * `set`, to what is taken in the others (xt_connmark.c). A packet without a connection is left alone.
   */
  | {
      readonly kind: "connmark";
      readonly operation: "set" | "save" | "restore";
      readonly value: number;
      readonly ctMask: number;
      readonly nfMask: number;
      /** Bits to the left, negative to the right. */
      readonly shift: number;
    }
  /** Lowers TCP's MSS option, or adds it, to a size or to what the path's MTU allows (xt_TCPMSS.c). */
  | { readonly kind: "tcp-mss"; readonly size: number | "path-mtu" }
  /** `tos = (tos & ~clear) ^ xor` of IPv4's TOS or IPv6's traffic class (xt_DSCP.c). */
  | { readonly kind: "tos"; readonly clear: number; readonly xor: number }
  /** The TTL or hop limit, within 0 to 255 (xt_HL.c). */
  | { readonly kind: "ttl"; readonly operation: "set" | "increase" | "decrease"; readonly value: number }
  /** `-j NETMAP`: the network's bits are replaced; of the destination before routing, of the source behind it. */
  | { readonly kind: "netmap"; readonly network: Address; readonly mask: Address }
  /** `-j SET`: puts the packet into a set, takes it out of one, gives it what its entry in one carries (xt_set.c). */
  | {
      readonly kind: "set";
      readonly add?: SetReference & { readonly exist: boolean; readonly timeout: number | undefined };
      readonly remove?: SetReference;
      readonly map?: SetReference & {
        readonly mark: boolean;
        readonly priority: boolean;
        readonly queue: boolean;
      };
    }
  /** The packet's priority, `major << 16 | minor` of a queueing class. */
  | { readonly kind: "priority"; readonly value: number }
  /** A copy for programs that listen to a group of nfnetlink_log. */
  | { readonly kind: "nflog"; readonly group: number; readonly prefix: string }
  /** Follows the packet through all rules in the kernel's log. */
  | { readonly kind: "trace" }
  /** Hands the packet to a program that listens to one of the queues; `bypass`: on with ACCEPT where none does. */
  | {
      readonly kind: "nfqueue";
      readonly queues: readonly [low: number, high: number];
      readonly bypass: boolean;
    };
