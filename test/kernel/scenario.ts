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

export type ScenarioPacket = (
  | { readonly in: string; readonly frame: string }
  | { readonly local: true; readonly packet: string }
) & { /** Seconds to wait before. */ readonly wait?: number };
