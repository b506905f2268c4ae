import type { NatRange } from "../extensions/effect.ts";
import type { Connection } from "../packet/connection.ts";
import type { ConnectionLookup, Hook } from "../packet/context.ts";
import type { Packet } from "../packet/packet.ts";
import type { ListedConnection } from "./listed-connection.ts";

export type NatManip = "source" | "destination";

/** What the machine asks of connection tracking and NAT. */
export interface Conntrack extends ConnectionLookup {
  /**
   * Priority -200 of PREROUTING and OUTPUT (nf_conntrack_in): finds or opens the packet's connection, moves its state and
   * sets `packet.tracking` with the reason. A packet that already has a tracking keeps it. DROP only where Linux drops there.
   */
  track(packet: Packet, hook: Hook): "ACCEPT" | "DROP";
  /** Whether this connection still has to be asked for this manip in the nat table (nf_nat_inet_fn). */
  needsNat(packet: Packet, manip: NatManip): boolean;
  /**
   * Fixes the connection's mapping (nf_nat_setup_info); an empty range is the null binding. The packet is not changed.
   * `masqueradeDevice` is the interface whose address the range is, where MASQUERADE asks: the mapping holds only there.
   */
  bindNat(packet: Packet, manip: NatManip, range: NatRange, masqueradeDevice?: string): "ACCEPT" | "DROP";
  /**
   * Rewrites the packet, and a packet quoted in an ICMP error, as its connection demands at this hook (nf_nat_packet).
   * DROP also ends a masqueraded connection that leaves by another interface than `outDevice` (nf_nat_oif_changed).
   */
  translate(packet: Packet, hook: Hook, outDevice?: string): "ACCEPT" | "DROP";
  /**
   * Before `confirm`, at the same place (nf_confirm): the connection's helper reads the packet, and may rewrite it; sequence
   * numbers are shifted where earlier packets were made longer or shorter. `looped`: at INPUT, having come from the host itself.
   * The reason where the packet has to be dropped.
   */
  help(packet: Packet, looped?: boolean): string | undefined;
  /** Behind the last hook (nf_conntrack_confirm): the connection enters the table. DROP where a clash cannot be resolved. */
  confirm(packet: Packet): "ACCEPT" | "DROP";
  /** A reset is on its way for the packet's connection (nf_ct_set_closing): if it is TCP and in the table, it is over. */
  setClosing(packet: Packet): void;
  /**
   * The table begins with these, listed now. What a listing does not tell is taken as Linux takes it of a connection that
   * it comes upon midway: windows are learnt from the next segments, which all fit.
   */
  restore(connections: readonly ListedConnection[]): void;
  /** `conntrack -L` lines, sorted, without `use=`. Expired entries are gone. */
  list(): readonly string[];
  /** `conntrack -L expect` lines, sorted. */
  listExpected(): readonly string[];
  /** One entry as `list` prints it. */
  describe(connection: Connection): string;
}
