import { flag } from "../../arg-types/arg-type.ts";
import { integer } from "../../arg-types/integer.ts";
import { setReference } from "../../arg-types/set-reference.ts";
import type { Hook } from "../../packet/context.ts";
import { type Arg, defineTarget } from "../extension.ts";
import { plain } from "../plain-arg.ts";
import { misplaced, missing } from "../problem.ts";

/** UINT_MAX - 1: the last one stands for "not said". */
const maxTimeout = 0xfffffffe;
/** What the kernel makes of longer times: as many seconds as fit its ticks (set_target_v3). */
const longestTimeout = Math.floor(0xffffffff / 1000);
const timeout = integer({
  min: 0,
  max: maxTimeout,
  placeholder: "seconds",
  message: () => `Invalid value for option --timeout or out of range 0-${maxTimeout}`,
});

const outgoing: ReadonlySet<Hook> = new Set(["FORWARD", "OUTPUT", "POSTROUTING"]);

/** libxt_SET takes a `!` before its options and forgets it. */
const target = (name: string, help: string) =>
  ({ arg: setReference, help, invertible: true, once: `--${name} can be specified only once` }) as const;
const loose = (help: string) => ({ arg: flag, help, invertible: true, repeatable: true }) as const;

export const set = defineTarget({
  name: "SET",
  summary: "Puts the packet's addresses, ports and so on into an ipset, or takes them out, and goes on",
  options: {
    "add-set": target("add-set", "the set to put the packet into"),
    exist: loose("write an entry that is there already anew, its timeout above all"),
    timeout: {
      arg: timeout,
      help: "how long the entry lives, in place of what the set says",
      invertible: true,
      repeatable: true,
    },
    "del-set": target("del-set", "the set to take the packet out of"),
    "map-set": target("map-set", "the set whose entry gives the packet its mark, priority or queue"),
    "map-mark": loose("the packet takes the entry's mark"),
    "map-prio": loose("the packet takes the entry's priority"),
    "map-queue": loose("the packet takes the entry's hardware queue"),
  },
  normalize: (args) =>
    Object.fromEntries(
      Object.entries<Arg<unknown> | undefined>(args).map(([name, arg]) => [name, arg && plain(arg.value)]),
    ),
  check(args, { table, hooks }) {
    const add = args["add-set"];
    const map = args["map-set"];
    if (!(add ?? args["del-set"] ?? map)) {
      return [missing("You must specify either `--add-set' or `--del-set' or `--map-set'")];
    }
    if (!add) {
      if (args.exist) return [missing("Flag `--exist' can be used with `--add-set' only")];
      if (args.timeout) return [missing("Option `--timeout' can be used with `--add-set' only")];
    }
    const flags = (["map-mark", "map-prio", "map-queue"] as const).filter((name) => args[name]);
    if (!map) return flags[0] ? [missing(`Flag \`--${flags[0]}' can be used with \`--map-set' only`)] : [];
    if (flags.length === 0) {
      return [missing("You must specify flags `--map-mark' or '--map-prio` or `--map-queue'")];
    }
    if (table !== "mangle") return [misplaced("--map-set is only valid in the mangle table")];
    const early = flags.some((name) => name !== "map-mark") && hooks.find((hook) => !outgoing.has(hook));
    if (!early) return [];
    return [misplaced(`--map-prio and --map-queue work from FORWARD on, but ${early} reaches this rule`)];
  },
  effects({ "add-set": add, exist, timeout: time, "del-set": remove, "map-set": map, ...flags }) {
    const has = (name: keyof typeof flags) => flags[name] !== undefined;
    const change = { exist: exist !== undefined, timeout: time && Math.min(time.value, longestTimeout) };
    const taken = { mark: has("map-mark"), priority: has("map-prio"), queue: has("map-queue") };
    return [
      {
        kind: "set",
        ...(add && { add: { ...add.value, ...change } }),
        ...(remove && { remove: remove.value }),
        ...(map && { map: { ...map.value, ...taken } }),
      },
    ];
  },
  examples: [
    { rule: "-j SET --add-set hosts src", saves: "=" },
    {
      rule: "-j SET --del-set b dst --timeout 0x10 --add-set a src --exist",
      saves: "-j SET --add-set a src --exist --timeout 16 --del-set b dst",
    },
    { rule: "-j SET --map-set marks src --map-mark", at: "mangle/PREROUTING", saves: "=" },
    { rule: "-j SET --exist", refused: "option-missing" },
    { rule: "-j SET --add-set a src --add-set b src", refused: "repeated-option" },
    { rule: "-j SET --map-set a src --map-mark", refused: "wrong-place" },
    { rule: "-j SET --map-set a src --map-prio", at: "mangle/PREROUTING", refused: "wrong-place" },
  ],
});
