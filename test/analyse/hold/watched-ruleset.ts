import type { Ruleset } from "../../../src/model/ruleset.ts";
import type { Context } from "../../../src/packet/context.ts";
import { withProbes } from "./probed-ruleset.ts";
import { type Snapshot, snapshotOf } from "./snapshot.ts";

/** What the first packet of a run was as it entered the host, and as conntrack found it. */
export interface Seen {
  readonly entering: Snapshot | undefined;
  readonly tracked: Snapshot | undefined;
}

/** A rule set that tells what the packets of a machine's runs are, one after the other. */
export interface WatchedRuleset {
  readonly ruleset: Ruleset;
  /** Of the run since `forget`: of its own packet, not of copies and answers that it gave rise to. */
  readonly seen: Seen;
  /** The packet as it is by now, and its connection. */
  readonly own: Context | undefined;
  /** Before each run. */
  forget(): void;
}

/** `onTracked` is shown the packet behind conntrack. */
export function watched(written: Ruleset, onTracked?: (context: Context) => void): WatchedRuleset {
  let entering: Snapshot | undefined;
  let tracked: Snapshot | undefined;
  let own: Context | undefined;
  const ruleset = withProbes(written, {
    entering: (context) => {
      if (own) return;
      own = context;
      entering = snapshotOf(context);
    },
    tracked: (context) => {
      if (context !== own || tracked) return;
      tracked = snapshotOf(context);
      onTracked?.(context);
    },
  });
  return {
    ruleset,
    get seen() {
      return { entering, tracked };
    },
    get own() {
      return own;
    },
    forget: () => {
      entering = tracked = own = undefined;
    },
  };
}
