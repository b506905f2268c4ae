/** Named lists of addresses, as the policy writes them. */
export type Groups = ReadonlyMap<string, readonly string[]>;

/**
 * The addresses and networks of a list in which `$name` stands for a group; groups may name groups.
 * A text says what is wrong.
 */
export function expandAddresses(list: readonly string[], groups: Groups): readonly string[] | string {
  return expand(list, groups, []);
}

function expand(
  list: readonly string[],
  groups: Groups,
  within: readonly string[],
): readonly string[] | string {
  const all: string[] = [];
  for (const entry of list.flatMap((text) => text.split(","))) {
    const item = entry.trim();
    if (!item.startsWith("$")) {
      all.push(item);
      continue;
    }
    const name = groupName(item);
    if (within.includes(name)) return `the group \`${name}\` holds itself`;
    const members = groups.get(name);
    if (members === undefined) {
      const known = [...groups.keys()];
      return `no group is called \`${name}\`${known.length > 0 ? `; there are ${known.join(", ")}` : ""}`;
    }
    const expanded = expand(members, groups, [...within, name]);
    if (typeof expanded === "string") return expanded;
    all.push(...expanded);
  }
  return all;
}

/** `$name` and `${name}`. */
const groupName = (item: string): string => item.replace(/^\$\{?/, "").replace(/\}$/, "");
