import type { Scenario } from "../scenario.ts";
import { Dice } from "./dice.ts";
import type { Flow } from "./flow.ts";
import { interleave } from "./interleave.ts";
import { someRuleset } from "./rules/ruleset.ts";
import { sightsOf } from "./rules/sight.ts";
import { someTheme, type Theme, type ThemeName, themes } from "./themes.ts";

/** Conntrack's and the routing's settings that a scenario may change. */
const sysctls: readonly Readonly<Record<string, string>>[] = [
  { "net.netfilter.nf_conntrack_tcp_loose": "0" },
  { "net.netfilter.nf_conntrack_tcp_be_liberal": "1" },
  { "net.netfilter.nf_conntrack_tcp_max_retrans": "1" },
  { "net.netfilter.nf_conntrack_checksum": "0" },
  { "net.netfilter.nf_conntrack_udp_timeout": "5", "net.netfilter.nf_conntrack_icmp_timeout": "7" },
  { "net.netfilter.nf_conntrack_tcp_timeout_established": "1000" },
  { "net.ipv4.conf.all.rp_filter": "1" },
  { "net.ipv4.ip_default_ttl": "99" },
  { "net.ipv4.ip_forward": "0" },
];

export interface ScenarioOptions {
  readonly theme?: ThemeName;
  /** How many flows there are. */
  readonly flows?: number;
}

/** A scenario of some ten to fifty packets; the same seed and options give the same one. */
export function generateScenario(seed: string, options: ScenarioOptions = {}): Scenario {
  const dice = new Dice(seed);
  const theme: Theme = themes[options.theme ?? someTheme(dice)];
  const count = options.flows ?? dice.between(3, 8);
  const flows: Flow[] = Array.from({ length: count }, () => dice.weighed(theme.flows)(dice));
  const rules = someRuleset(dice, sightsOf(flows), theme.tables);
  return {
    seed,
    rules,
    ...(dice.maybe(0.2) ? { sysctl: dice.of(sysctls) } : {}),
    packets: interleave(dice, flows),
  };
}
