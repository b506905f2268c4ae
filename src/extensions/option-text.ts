import type { Family } from "../packet/address.ts";
import type { Arg, OptionTable } from "./extension.ts";

/**
 * The options of one use as text, in the table's order: a name that equal questions share. With `only`, those options alone.
 */
export function optionText(
  name: string,
  table: OptionTable,
  args: Readonly<Record<string, Arg<unknown> | undefined>>,
  family: Family,
  only: readonly string[] = Object.keys(table),
): string {
  const words = Object.entries(table).flatMap(([option, { arg }]) => {
    const given = args[option];
    if (given === undefined || !only.includes(option)) return [];
    const value = arg.words === 0 ? "" : ` ${arg.print(given.value, { family, protocol: undefined })}`;
    return [`${given.inverted ? "! " : ""}--${option}${value}`];
  });
  return [`-m ${name}`, ...words].join(" ");
}
