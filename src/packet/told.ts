/**
 * What no packet shows and only the user can tell; what is absent is assumed, and the trace says so. For packets in words
 * there is an option of the same meaning (src/model/packet-options.ts).
 */
export interface Told {
  /** The processor that handles the packet. */
  readonly cpu?: number;
  /** The class of the socket's cgroup (net_cls) and its path in the cgroup2 tree. */
  readonly cgroup?: number;
  readonly cgroupPath?: string;
  /** The socket of this host that the packet would reach: none, one, a listener on every address, a transparent one. */
  readonly socket?: SocketKind;
  /** The ports of a bridge that carries the packet. */
  readonly bridgeIn?: string;
  readonly bridgeOut?: string;
  /** Whether IPsec protected the packet as it came, or will do so. */
  readonly ipsec?: boolean;
  /** The operating system whose fingerprint the packet has. */
  readonly genre?: string;
}

/** Of most packets nobody says anything. */
export const nothingTold: Told = {};

export const socketKinds = ["none", "bound", "wildcard", "transparent"] as const;
export type SocketKind = (typeof socketKinds)[number];
