import type { NatRange } from "../extensions/effect.ts";
import type { Connection } from "../packet/connection.ts";
import type { ConnectionLookup, Hook } from "../packet/context.ts";
import type { Packet } from "../packet/packet.ts";

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
  /** Fixes the connection's mapping (nf_nat_setup_info); an empty range is the null binding. The packet is not changed. */
  bindNat(packet: Packet, manip: NatManip, range: NatRange): "ACCEPT" | "DROP";
  /** Rewrites the packet, and a packet quoted in an ICMP error, as its connection demands at this hook (nf_nat_packet). */
  translate(packet: Packet, hook: Hook): "ACCEPT" | "DROP";
  /** Behind the last hook (nf_conntrack_confirm): the connection enters the table. DROP where a clash cannot be resolved. */
  confirm(packet: Packet): "ACCEPT" | "DROP";
  /** A reset is on its way for the packet's connection (nf_ct_set_closing): if it is TCP and in the table, it is over. */
  setClosing(packet: Packet): void;
  /** `conntrack -L` lines, sorted, without `use=`. Expired entries are gone. */
  list(): readonly string[];
  /** One entry as `list` prints it. */
  describe(connection: Connection): string;
}
