import { connectionStatus } from "../../packet/connection.ts";
import { invertTuple, sameTuple } from "../tuple.ts";
import { type Choice, uniqueTuple } from "./unique-tuple.ts";

const bits = {
  source: { changed: connectionStatus.sourceNat, done: connectionStatus.sourceNatDone },
  destination: { changed: connectionStatus.destinationNat, done: connectionStatus.destinationNatDone },
} as const;

/**
 * Settles one manip of a connection that is not in the table yet (nf_nat_setup_info). An empty range, the null binding,
 * keeps the address; even so the port may have to change, where the answers would be taken for another connection's.
 */
export function bindMapping(choice: Choice): void {
  const { entry, manip, range } = choice;
  const { changed, done } = bits[manip];
  if (entry.confirmed || entry.has(done)) return;
  const current = invertTuple(entry.reply);
  if (!current) return;
  const isNull = !range.addresses && !range.ports && !range.random && !range.randomFully;
  const kept = manip === "source" ? current.source : current.destination;
  const tuple = uniqueTuple(current, isNull ? { ...choice, range: { addresses: [kept, kept] } } : choice);
  if (!sameTuple(tuple, current)) {
    entry.reply = invertTuple(tuple) ?? entry.reply;
    entry.status |= changed;
  }
  entry.status |= done;
}
