import type { SaveLine } from "../../grammar/line-parser.ts";
import type { LineToken } from "../../grammar/line-token.ts";
import * as token from "../../grammar/tokens.ts";

/**
 * What a line is of the kinds that frame the rules of a dump: blank lines and comments, `*table`, `:CHAIN` and `COMMIT` as
 * iptables-save writes them; `undefined` for any other. A dump whose rules are read quickly then needs no parser at all,
 * and the making of one takes as long as some thousand lines. Law: what it gives the grammar gives as well.
 */
export function frameLine(tokens: readonly LineToken[]): SaveLine | undefined {
  const [first, name, policy, counters] = tokens;
  if (first === undefined) return { kind: "blank" };
  if (tokens.length === 1) {
    if (first.tokenTypeIdx === token.Comment.tokenTypeIdx) return { kind: "comment" };
    if (first.tokenTypeIdx === token.Commit.tokenTypeIdx) return { kind: "commit" };
  }
  // the lexer makes nothing but names behind `*`, and nothing but names and one pair of counters behind `:`
  if (tokens.length === 2 && name && first.tokenTypeIdx === token.TableMark.tokenTypeIdx) {
    return { kind: "table", name };
  }
  if (tokens.length === 4 && name && policy && first.tokenTypeIdx === token.ChainMark.tokenTypeIdx) {
    return { kind: "chain", name, policy, counters };
  }
  return undefined;
}
