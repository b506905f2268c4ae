import type { HashBurst, HashRate } from "../arg-types/hash-rate.ts";
import type { Arg } from "./extension.ts";
import { type HashLimit, keptLimit } from "./hash-limit.ts";
import { plain } from "./plain-arg.ts";

/** The options of `-m hashlimit` that say what its limit is. */
interface LimitArgs {
  readonly "hashlimit-upto"?: Arg<HashRate>;
  readonly "hashlimit-above"?: Arg<HashRate>;
  readonly "hashlimit-burst"?: Arg<HashBurst>;
  readonly "hashlimit-htable-expire"?: Arg<number>;
  readonly "hashlimit-rate-match"?: Arg<boolean>;
  readonly "hashlimit-rate-interval"?: Arg<number>;
}

/** What the options say; `undefined` where none gives a rate. */
export function limitOf(args: LimitArgs): HashLimit | undefined {
  const rate = (args["hashlimit-upto"] ?? args["hashlimit-above"])?.value;
  if (!rate) return undefined;
  const unit = rate.kind === "packets" ? rate.unit : 1;
  return {
    rate,
    burst: args["hashlimit-burst"]?.value,
    expire: args["hashlimit-htable-expire"]?.value,
    interval: args["hashlimit-rate-match"] && (args["hashlimit-rate-interval"]?.value ?? unit),
  };
}

const given = (name: keyof LimitArgs, value: unknown) =>
  value === undefined ? {} : { [name]: plain(value) };

/** The options as iptables-save has them. */
export function keptLimitArgs<Args extends LimitArgs>(args: Args) {
  const limit = limitOf(args);
  if (!limit) return args;
  const {
    "hashlimit-upto": upto,
    "hashlimit-above": above,
    "hashlimit-burst": _burst,
    "hashlimit-htable-expire": _expire,
    "hashlimit-rate-interval": _interval,
    ...others
  } = args;
  const { rate, burst, expire, interval } = keptLimit(limit);
  const isAbove = upto ? upto.inverted : above?.inverted === false;
  return {
    ...others,
    ...given(isAbove ? "hashlimit-above" : "hashlimit-upto", rate),
    ...given("hashlimit-burst", burst),
    ...given("hashlimit-htable-expire", expire),
    ...given("hashlimit-rate-interval", interval === 1 ? undefined : interval),
  };
}
