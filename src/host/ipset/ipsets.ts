import type { Family } from "../../packet/address.ts";
import type { IpSet } from "./ip-set.ts";

/** The sets of a host as a text told them, in the order in which they were made. Entries' times begin at tick 0. */
export interface Ipsets {
  readonly sets: ReadonlyMap<string, IpSet>;
}

/** What rules need to know of the sets while they are read: names, and the family of those that have one. */
export const setFamilies = ({ sets }: Ipsets): ReadonlyMap<string, Family | undefined> =>
  new Map(
    [...sets].map(([name, { type, options }]) => [
      name,
      type.families === "any" ? undefined : options.family,
    ]),
  );
