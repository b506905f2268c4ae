import type { Recording } from "../../src/evaluate/recording.ts";
import type { Input, Scenario, ScenarioPacket } from "./scenario.ts";

/** Of a recording that keeps no commands: the routes beyond the standard host's, as `ip -j route` lists them, turned into the commands that make them. */
function routesOf(listed: unknown): string[] {
  const routes = Array.isArray(listed) ? (listed as Readonly<Record<string, unknown>>[]) : [];
  return routes
    .filter(({ dst, protocol }) => protocol !== "kernel" && dst !== "default")
    .map(({ type, dst, gateway }) => `route add ${type ?? ""} ${dst} ${gateway ? `via ${gateway}` : ""}`)
    .map((command) => command.replace(/ +/g, " ").trim());
}

/** The scenario that a recording answers: its packets as they were sent, with the longer pauses between them. */
export function scenarioOf({ backend, family, rules, sets, host, packets }: Recording): Scenario {
  let before = 0;
  return {
    backend,
    ...(family === undefined ? {} : { family }),
    rules,
    sets,
    sysctl: host.sysctl,
    routes: host.commands ?? routesOf(host.routes),
    packets: packets.map((packet): ScenarioPacket => {
      const pause = Math.floor(packet.at - before);
      before = packet.at;
      const input: Input =
        "frame" in packet ? { in: packet.in, frame: packet.frame } : { local: true, packet: packet.packet };
      return {
        ...input,
        ...(pause >= 1 ? { wait: pause } : {}),
        ...(packet.commands ? { commands: packet.commands } : {}),
      };
    }),
  };
}

/**
 * Cuts a list down while what is left still has the property: first halves, then ever smaller pieces, until no single element
 * can go (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002).
 */
export async function shrinkList<T>(
  list: readonly T[],
  holds: (rest: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  let left = list;
  for (let size = Math.ceil(left.length / 2); size >= 1; ) {
    let removed = false;
    for (let at = left.length - size; at > -size; at -= size) {
      const start = Math.max(0, at);
      const rest = [...left.slice(0, start), ...left.slice(at + size)];
      if (rest.length < left.length && (await holds(rest))) {
        left = rest;
        removed = true;
      }
    }
    if (size === 1 && !removed) break;
    size = removed ? Math.min(size, Math.max(1, Math.ceil(left.length / 2))) : Math.floor(size / 2);
  }
  return left;
}

/** The smallest scenario found that still has the property: packets go first, then rules, then chains and tables. */
export async function shrinkScenario(
  scenario: Scenario,
  holds: (smaller: Scenario) => Promise<boolean>,
): Promise<Scenario> {
  let best = scenario;
  const attempt = async (smaller: Scenario): Promise<boolean> => {
    const held = await holds(smaller);
    if (held) best = smaller;
    return held;
  };
  await shrinkList(best.packets, (packets) => attempt({ ...best, packets }));
  const isRule = (line: string) => /^[-[]/.test(line);
  await shrinkLines(best.rules, isRule, (rules) => attempt({ ...best, rules }));
  await shrinkLines(best.rules, isUserChain, (rules) => attempt({ ...best, rules }));
  for (const rules of withoutOneTable(best.rules))
    await attempt({ ...best, rules: intersection(best.rules, rules) });
  await shrinkList(best.packets, (packets) => attempt({ ...best, packets }));
  return best;
}

const isUserChain = (line: string): boolean => /^:\S+ - /.test(line);

/** Shrinks the lines that may go; the others stay in their places. */
async function shrinkLines(
  text: string,
  mayGo: (line: string) => boolean,
  holds: (text: string) => Promise<boolean>,
): Promise<void> {
  const lines = text.split("\n").map((line, number) => ({ line, number }));
  const textOf = (kept: ReadonlySet<number>) =>
    lines
      .filter(({ line, number }) => !mayGo(line) || kept.has(number))
      .map(({ line }) => line)
      .join("\n");
  const numbers = lines.filter(({ line }) => mayGo(line)).map(({ number }) => number);
  await shrinkList(numbers, (kept) => holds(textOf(new Set(kept))));
}

/** The rule set once for each of its tables, without it. */
function withoutOneTable(text: string): string[] {
  const tables = text.match(/^\*[\s\S]*?^COMMIT\n/gm) ?? [];
  return tables.map((table) => text.replace(table, ""));
}

/** The tables of the first text that the second one has, too. */
function intersection(text: string, other: string): string {
  const tables = text.match(/^\*[\s\S]*?^COMMIT\n/gm) ?? [];
  return tables.filter((table) => other.includes(table)).join("");
}
