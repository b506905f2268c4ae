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
 * `reject`, `nfqueue`, `tproxy`, `synproxy` (and what fails) let the walk go on with the next rule.
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
    }
  /** Bits of TCP's explicit congestion notification, ECE and CWR; absent ones stay (ipt_ECN.c). */
  | { readonly kind: "tcp-ecn"; readonly echo?: boolean; readonly reduced?: boolean }
  /** Writes NOPs over TCP options of these kinds (xt_TCPOPTSTRIP.c). */
  | { readonly kind: "strip-tcp-options"; readonly options: readonly number[] }
  /** Replaces `length` bits of an IPv6 address so that its sum stays the same (ip6t_NPT.c, RFC 6296). */
  | {
      readonly kind: "translate-prefix";
      readonly end: "source" | "destination";
      readonly from: bigint;
      readonly fromLength: number;
      readonly to: bigint;
      /** The longer one of both prefixes' lengths. */
      readonly length: number;
    }
  /** The mark becomes a hash of addresses, ports and protocol, scaled to `modulus`, plus `offset` (xt_HMARK.c). */
  | {
      readonly kind: "hash-mark";
      /** Masks of the addresses. */
      readonly source: Address;
      readonly destination: Address;
      /** Source port in the upper half, destination port in the lower one; or a security parameters index. */
      readonly portMask: number;
      readonly portSet: number;
      readonly protocolMask: number;
      readonly seed: number;
      readonly modulus: number;
      readonly offset: number;
      /** Of the connection's tuples in place of the packet's headers. */
      readonly ofConnection: boolean;
    }
  /** Sends an untracked copy to a gateway (nf_dup_ipv4.c, nf_dup_ipv6.c). */
  | { readonly kind: "tee"; readonly gateway: Address; readonly device?: string }
  /** Gives the packet to a socket and marks it `(mark & ~clear) ^ xor`; drops it where there is no socket (xt_TPROXY.c). */
  | {
      readonly kind: "tproxy";
      /** 0 is the packet's own. */
      readonly port: number;
      readonly address?: Address;
      readonly clear: number;
      readonly xor: number;
    }
  /** Answers SYNs with cookies, and takes what acknowledges one for an opened connection (ipt_SYNPROXY.c). */
  | {
      readonly kind: "synproxy";
      readonly selectiveAcknowledgements: boolean;
      readonly timestamps: boolean;
      readonly congestionNotification: boolean;
      readonly windowScale?: number;
      readonly segmentSize?: number;
    }
  /** Lets the packet on, with a word about what is not modelled. */
  | { readonly kind: "assume"; readonly text: string };
