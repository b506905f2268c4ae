import { ctstates } from "../packet/connection.ts";
import { nameSet } from "./name-set.ts";

const { INVALID, NEW, RELATED, ESTABLISHED, UNTRACKED, SNAT, DNAT } = ctstates;

/** `--state`: bits of `ctstates` (libxt_conntrack.c, state_parse). */
export const stateList = nameSet({
  names: { INVALID, NEW, RELATED, ESTABLISHED, UNTRACKED },
  placeholder: "state[,state...]",
  message: (text) =>
    text === ""
      ? '"--state" requires a list of states with no spaces, e.g. ESTABLISHED,RELATED'
      : `Bad state "${text}"`,
});

/** `--ctstate`: the same and what NAT did to the connection. */
export const ctstateList = nameSet({
  names: { INVALID, NEW, RELATED, ESTABLISHED, UNTRACKED, SNAT, DNAT },
  placeholder: "state[,state...]",
  message: (text) => `Bad ctstate "${text}"`,
});
