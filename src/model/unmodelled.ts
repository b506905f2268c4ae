/** Targets that iptables 1.8 comes with, standard ones included. */
export const iptablesTargets: ReadonlySet<string> = new Set(
  [
    "ACCEPT AUDIT CHECKSUM CLASSIFY CLUSTERIP CONNMARK CONNSECMARK CT DNAT DNPT DROP DSCP ECN HL HMARK IDLETIMER LED LOG",
    "MARK MASQUERADE MIRROR NETMAP NFLOG NFQUEUE NOTRACK QUEUE RATEEST REDIRECT REJECT RETURN SAME SECMARK SET SNAT SNPT",
    "SYNPROXY TCPMSS TCPOPTSTRIP TEE TOS TPROXY TRACE TTL ULOG",
  ].flatMap((line) => line.split(" ")),
);

/** Targets of xtables-addons and of router firmware. */
const furtherTargets: ReadonlySet<string> = new Set(
  "ACCOUNT CHAOS DELUDE DHCPMAC DNETMAP ECHO FLOWOFFLOAD IMQ IPMARK IPV4OPTSSTRIP LOGMARK PROTO SYSRQ TARPIT".split(
    " ",
  ),
);

/** Whether `-j name` loads a target somewhere; every other name that is not in the registry is a chain's. */
export const isTargetName = (name: string): boolean => iptablesTargets.has(name) || furtherTargets.has(name);

/** Matches of iptables 1.8 and of xtables-addons, for "did you mean" and for the match that a `-p` loads. */
export const matchNames: readonly string[] = [
  "addrtype ah bpf cgroup cluster comment connbytes connlabel connlimit connmark conntrack cpu dccp devgroup dscp dst ecn esp",
  "eui64 frag hashlimit hbh helper hl icmp icmp6 ipcomp iprange ipv6header ipvs length limit mac mark mh multiport nfacct osf",
  "owner physdev pkttype policy quota rateest realm recent rpfilter rt sctp set socket srh state statistic string tcp tcpmss",
  "time tos ttl u32 udp condition fuzzy geoip gradm iface ipp2p ipv4options length2 lscan pknock psd quota2",
].flatMap((line) => line.split(" "));
