import { anyPort, type PortRange } from "../arg-types/port-range.ts";
import type { Arg } from "../extensions/extension.ts";
import { plain } from "../extensions/plain-arg.ts";
import { always, and, equals, type Formula, inRanges, not } from "../formula/formula.ts";
import { fields } from "../packet/fields.ts";
import { asksFlags, asksPort, isNative, nftMatch } from "./nft-match.ts";
import type { MatchUse } from "./ruleset.ts";

/**
 * What iptables-nft makes of a match. Of `-m tcp` and `-m udp` it writes ports and flags in nftables' own expressions
 * (iptables 1.8.9, nft.c): one that reads beyond the packet's end does not match (NFT_BREAK), where the match itself would drop
 * the packet. And they read a later fragment as if a header stood there (nft_payload_fast_eval, nf_tables_core.c).
 */
export function nativeFormula(written: MatchUse, meaning: (use: MatchUse) => Formula): Formula {
  const use = nftMatch(written);
  if (!use) return always;
  const bytes = nativeBytes(use);
  const neither = neitherPort(use);
  const formula = meaning(neither ? withoutPorts(use) : use);
  if (bytes === 0 || formula.kind !== "and") return formula;
  const long = not(inRanges(fields.transportLength, [[0, bytes - 1]]));
  return and(long, ...(neither ? [neither] : []), ...formula.of.filter(staysNative));
}

/**
 * Of `! --sport A ! --dport B` iptables-nft makes one comparison of both ports at once, which only a packet of port A and port B
 * fails: not what is written, and not what it lists. Ranges, and port 0, are compared one by one.
 */
function neitherPort(use: MatchUse): Formula | undefined {
  if (use.kind !== "known" || !isNative(use)) return undefined;
  const source = excludedPort(use.args["sport"]);
  const destination = excludedPort(use.args["dport"]);
  if (source === undefined || destination === undefined) return undefined;
  return not(and(equals(fields.sourcePort, source), equals(fields.destinationPort, destination)));
}

/** The single port that an inverted option names, 0 left aside. */
function excludedPort(arg: Arg<unknown> | undefined): number | undefined {
  if (!arg?.inverted) return undefined;
  const [low, high] = arg.value as PortRange;
  return low === high && low !== 0 ? low : undefined;
}

const withoutPorts = (use: MatchUse): MatchUse =>
  use.kind === "known"
    ? { ...use, args: { ...use.args, sport: plain(anyPort), dport: plain(anyPort) } }
    : use;

const staysNative = (part: Formula): boolean =>
  part.kind !== "hotdrop" && !(part.kind === "in" && part.field === fields.fragmentOffset);

/** How much of the transport header nftables' expressions read; 0 where the match stays itself. */
function nativeBytes(use: MatchUse): number {
  if (use.kind !== "known" || !isNative(use)) return 0;
  if (asksFlags(use.args["tcp-flags"])) return 14;
  if (asksPort(use.args["dport"])) return 4;
  return asksPort(use.args["sport"]) ? 2 : 0;
}
