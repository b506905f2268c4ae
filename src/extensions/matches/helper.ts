import { quotedString } from "../../arg-types/quoted-string.ts";
import { and, invertIf, opaque } from "../../formula/formula.ts";
import type { Context } from "../../packet/context.ts";
import { hasEntry } from "../connection-state.ts";
import { defineMatch } from "../extension.ts";

/** helper_mt: the helper of the connection that expected this one; the rule's name may go on behind the helper's. */
function expectedBy({ packet: { tracking } }: Context, name: string): boolean {
  const helper = tracking?.kind === "tracked" ? tracking.connection.master?.helper : undefined;
  return helper !== undefined && (name === "" || name.startsWith(helper));
}

export const helper = defineMatch({
  name: "helper",
  summary: "Connections that a helper of connection tracking expected",
  needsConntrack: true,
  options: {
    helper: {
      // sizeof xt_helper_info.name without the closing zero
      arg: quotedString("name", 29),
      help: "the helper, e.g. ftp or ftp-2121; an empty name is any helper",
      invertible: true,
      required: true,
    },
  },
  meaning: ({ helper: { value, inverted } }) =>
    invertIf(
      inverted,
      and(
        hasEntry,
        opaque(`expected by helper ${value}`, (context) => expectedBy(context, value)),
      ),
    ),
  examples: [
    { rule: "-m helper --helper ftp-21 -j ACCEPT", saves: "=" },
    { rule: '-m helper ! --helper ""', saves: "=" },
    { rule: "-m helper", refused: "option-missing" },
  ],
});
