/**
 * Extensions of iptables 1.8 and of xtables-addons by name. One of these that is not in the registry is kept as it stands;
 * `-j` with any other unknown name is a jump to a chain.
 */
const targetNames = [
  "AUDIT CHECKSUM CLASSIFY CLUSTERIP CONNMARK CONNSECMARK CT DNAT DNPT DSCP ECN HL HMARK IDLETIMER LED LOG MARK",
  "MASQUERADE MIRROR NETMAP NFLOG NFQUEUE NOTRACK QUEUE RATEEST REDIRECT REJECT SAME SECMARK SET SNAT SNPT SYNPROXY TCPMSS",
  "TCPOPTSTRIP TEE TOS TPROXY TRACE TTL ULOG",
  "ACCOUNT CHAOS DELUDE DHCPMAC DNETMAP ECHO IPMARK LOGMARK PROTO SYSRQ TARPIT FLOWOFFLOAD IMQ IPV4OPTSSTRIP",
];

export const unmodelledTargets: ReadonlySet<string> = new Set(targetNames.join(" ").split(" "));

/** Names of matches, for "did you mean". */
const matchNames = [
  "addrtype ah bpf cgroup cluster comment connbytes connlabel connlimit connmark conntrack cpu dccp devgroup dscp dst ecn esp",
  "eui64 frag hashlimit hbh helper hl icmp icmp6 ipcomp iprange ipv6header ipvs length limit mac mark mh multiport nfacct osf",
  "owner physdev pkttype policy quota rateest realm recent rpfilter rt sctp set socket srh state statistic string tcp tcpmss",
  "time tos ttl u32 udp udplite condition fuzzy geoip gradm iface ipp2p ipv4options length2 lscan pknock psd quota2",
];

export const matchNamesOfIptables: readonly string[] = matchNames.join(" ").split(" ");
