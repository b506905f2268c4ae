/** What a kernel is asked: a recording (src/evaluate/recording.ts) without the answers. */
export interface Scenario {
  readonly seed?: string;
  readonly backend?: "legacy" | "nft";
  readonly family?: "ipv4" | "ipv6";
  /** iptables-restore text. */
  readonly rules: string;
  /** ipset restore text. */
  readonly sets?: string | null;
  /** On top of the standard host's. */
  readonly sysctl?: Readonly<Record<string, string>>;
  /** Further `ip` commands, e.g. `route add blackhole 10.9.0.0/16`. */
  readonly routes?: readonly string[];
  readonly packets: readonly ScenarioPacket[];
}

export type ScenarioPacket = Step & {
  /** Seconds to wait before. */
  readonly wait?: number;
  /** Commands of iptables to run before, without the program's name. */
  readonly commands?: readonly string[];
};

export type Step = Input | { readonly reply: Reply };

/** A packet whose bytes are known before anything was sent. */
export type Input =
  | { readonly in: string; readonly frame: string }
  | { readonly local: true; readonly packet: string };

/**
 * A packet of the other side, made while recording: ends and ports come from what really left the host for packet `of` (or was
 * delivered to it), with all that NAT did to it. Left out where that packet got nowhere.
 */
export interface Reply {
  /** Index in `packets`, smaller than this one's. */
  readonly of: number;
  readonly answer: Answer;
  readonly ttl: number;
  readonly tos: number;
  readonly id: number;
}

export type Answer =
  | TcpAnswer
  | { readonly kind: "udp"; readonly data: string; readonly checksum: ChecksumKind }
  /** The reply to an echo, timestamp, information or address mask request, with its id and data. */
  | { readonly kind: "icmp-reply" }
  /** An ICMP error that quotes the packet: its IP header and `quoted` bytes behind it. */
  | {
      readonly kind: "icmp-error";
      readonly type: number;
      readonly code: number;
      /** Bytes 4 to 7: the next hop's MTU, the gateway, the pointer. */
      readonly rest: number;
      readonly quoted: number;
      /** A router on the way; absent means the packet's destination. */
      readonly from?: string;
    };

export interface TcpAnswer {
  readonly kind: "tcp";
  readonly segment: TcpSegment;
  /** Source and destination instead of the answered packet's: a connection that it announced. */
  readonly ports?: readonly [number, number];
  /** The numbers follow from the answered packet as it came, with what NAT and helpers did to it; a first number is the segment's. */
  readonly follows?: true;
  /**
   * Data in place of the segment's, in Latin-1. `{host}` is the answering side's own address as PORT writes it (RFC 959),
   * `{eprt}` its address family and address as EPRT does (RFC 2428).
   */
  readonly text?: string;
}

export type ChecksumKind = "right" | "wrong" | "absent";

/** A TCP segment without its ports. Numbers are unsigned; hex where bytes are meant. */
export interface TcpSegment {
  readonly flags: number;
  readonly sequence: number;
  readonly acknowledgement: number;
  readonly window: number;
  /** A multiple of 4 bytes. */
  readonly options: string;
  readonly data: string;
  readonly checksum: ChecksumKind;
}
