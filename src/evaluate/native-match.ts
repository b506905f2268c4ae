import { anyPort, type PortRange } from "../arg-types/port-range.ts";
import { and, type Formula, inRanges, not } from "../formula/formula.ts";
import type { MatchUse } from "../model/ruleset.ts";
import { fields } from "../packet/fields.ts";

/**
 * What iptables-nft makes of a match. Of `-m tcp` and `-m udp` it writes ports and flags in nftables' own expressions
 * (iptables 1.8.9, nft.c): one that reads beyond the packet's end does not match (NFT_BREAK), where the match itself would drop
 * the packet. And they read a later fragment as if a header stood there (nft_payload_fast_eval, nf_tables_core.c).
 */
export function nativeFormula(use: MatchUse, formula: Formula): Formula {
  const bytes = nativeBytes(use);
  if (bytes === 0 || formula.kind !== "and") return formula;
  const long = not(inRanges(fields.transportLength, [[0, bytes - 1]]));
  return and(long, ...formula.of.filter(isNative));
}

const isNative = (part: Formula): boolean =>
  part.kind !== "hotdrop" && !(part.kind === "in" && part.field === fields.fragmentOffset);

/** How much of the transport header nftables' expressions read; 0 where the match stays itself. */
function nativeBytes(use: MatchUse): number {
  if (use.kind !== "known" || !["tcp", "udp"].includes(use.match.name)) return 0;
  const { sport, dport, "tcp-flags": flags, "tcp-option": option } = use.args;
  if (option !== undefined) return 0;
  if (flags && (flags.inverted || (flags.value as { readonly mask: number }).mask !== 0)) return 14;
  if (asks(dport)) return 4;
  return asks(sport) ? 2 : 0;
}

function asks(arg: { readonly value: unknown; readonly inverted: boolean } | undefined): boolean {
  if (arg === undefined) return false;
  const [low, high] = arg.value as PortRange;
  return arg.inverted || low !== anyPort[0] || high !== anyPort[1];
}
