/** Fields of `ip -j addr` that say nothing of the way that packets go. */
const idle: ReadonlySet<string> = new Set([
  ...["qdisc", "operstate", "txqlen", "valid_life_time", "preferred_life_time"],
]);

/** The value of `ip -j addr` without what no packet's way hangs on: recordings are kept by the hundred. */
export function slimAddresses(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(slimAddresses);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !idle.has(name))
      .map(([name, part]) => [name, slimAddresses(part)]),
  );
}
