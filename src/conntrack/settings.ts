import type { TcpState } from "./tcp/states.ts";

/** Conntrack's sysctls (nf_conntrack-sysctl.rst); time-outs in seconds. */
export interface Settings {
  /** Entries that the table holds at most; 0 is no limit. */
  readonly max: number;
  /** Hash buckets: how likely early_drop finds a victim depends on them. */
  readonly buckets: number;
  /** Whether PREROUTING verifies checksums. */
  readonly checksum: boolean;
  /** Whether entries count packets and bytes. */
  readonly accounting: boolean;
  readonly tcp: TcpSettings;
  readonly udp: { readonly unreplied: number; readonly stream: number };
  readonly gre: { readonly unreplied: number; readonly stream: number };
  readonly sctp: Readonly<Record<SctpTimeout, number>>;
  readonly icmp: number;
  readonly icmpv6: number;
  readonly generic: number;
}

export interface TcpSettings {
  readonly loose: boolean;
  readonly beLiberal: boolean;
  readonly ignoreInvalidReset: boolean;
  readonly maxRetransmissions: number;
  readonly timeouts: Readonly<Record<Exclude<TcpState, "NONE">, number>>;
  /** Holds once `maxRetransmissions` was reached, or while a window is closed. */
  readonly retransmission: number;
  /** Holds while data is not acknowledged. */
  readonly unacknowledged: number;
}

export type SctpTimeout =
  | "closed"
  | "cookie_wait"
  | "cookie_echoed"
  | "established"
  | "shutdown_sent"
  | "shutdown_recd"
  | "shutdown_ack_sent"
  | "heartbeat_sent";

/** Reads the settings; what the host does not say has Linux 6.18's default. */
export function readSettings(sysctl: (name: string) => string | undefined): Settings {
  const number = (name: string, fallback: number): number => {
    const value = Number.parseInt(sysctl(`net.netfilter.nf_conntrack_${name}`) ?? "", 10);
    return Number.isNaN(value) ? fallback : value;
  };
  const flag = (name: string, fallback: boolean) => number(name, fallback ? 1 : 0) !== 0;
  const tcp = (state: string, fallback: number) => number(`tcp_timeout_${state}`, fallback);
  const sctp = (state: SctpTimeout, fallback: number) => number(`sctp_timeout_${state}`, fallback);
  return {
    max: number("max", 262144),
    buckets: Math.max(1, number("buckets", 262144)),
    checksum: flag("checksum", true),
    accounting: flag("acct", false),
    tcp: {
      loose: flag("tcp_loose", true),
      beLiberal: flag("tcp_be_liberal", false),
      ignoreInvalidReset: flag("tcp_ignore_invalid_rst", false),
      maxRetransmissions: number("tcp_max_retrans", 3),
      timeouts: {
        SYN_SENT: tcp("syn_sent", 120),
        SYN_RECV: tcp("syn_recv", 60),
        ESTABLISHED: tcp("established", 432000),
        FIN_WAIT: tcp("fin_wait", 120),
        CLOSE_WAIT: tcp("close_wait", 60),
        LAST_ACK: tcp("last_ack", 30),
        TIME_WAIT: tcp("time_wait", 120),
        CLOSE: tcp("close", 10),
        // no sysctl of its own
        SYN_SENT2: 120,
      },
      retransmission: tcp("max_retrans", 300),
      unacknowledged: tcp("unacknowledged", 300),
    },
    udp: { unreplied: number("udp_timeout", 30), stream: number("udp_timeout_stream", 120) },
    gre: { unreplied: number("gre_timeout", 30), stream: number("gre_timeout_stream", 180) },
    sctp: {
      closed: sctp("closed", 10),
      cookie_wait: sctp("cookie_wait", 3),
      cookie_echoed: sctp("cookie_echoed", 3),
      established: sctp("established", 210),
      shutdown_sent: sctp("shutdown_sent", 3),
      shutdown_recd: sctp("shutdown_recd", 3),
      shutdown_ack_sent: sctp("shutdown_ack_sent", 3),
      heartbeat_sent: sctp("heartbeat_sent", 30),
    },
    icmp: number("icmp_timeout", 30),
    icmpv6: number("icmpv6_timeout", 30),
    generic: number("generic_timeout", 600),
  };
}
