import { type Entry, opposite } from "../entry.ts";
import type { Expectation } from "../helper/expectations.ts";
import { bindMapping } from "./bind.ts";
import type { Choice } from "./unique-tuple.ts";

/**
 * The expected connection gets its master's mapping at once (nf_nat_follow_master): it seems to come from where the master's
 * packets of that direction seem to come from, and goes to the very host and port that listen.
 */
export function followMaster(
  choice: Omit<Choice, "manip" | "range">,
  master: Entry,
  { direction, port }: NonNullable<Expectation["follow"]>,
): void {
  const answers = master[opposite(direction)];
  const { source, destination } = answers;
  bindMapping({ ...choice, manip: "source", range: { addresses: [destination, destination] } });
  bindMapping({
    ...choice,
    manip: "destination",
    range: { addresses: [source, source], ports: [port, port] },
  });
}
