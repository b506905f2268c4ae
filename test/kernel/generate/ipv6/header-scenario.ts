import type { TableName } from "../../../../src/extensions/extension.ts";
import { builtinChains } from "../../../../src/model/hooks.ts";
import type { ScenarioPacket } from "../../scenario.ts";
import type { Dice } from "../dice.ts";
import { interleave } from "../interleave.ts";
import { eui64Flow } from "./flows/eui64.ts";
import { extensionFlow } from "./flows/extension-headers.ts";
import { fragmentFlow6 } from "./flows/fragments.ts";
import { headerRules } from "./header-rules.ts";

const targets = ["", "", "", "-j LOG", "-j MARK --set-mark 1", "-j RETURN"] as const;

/** Rules of a table that ask for headers alone; a few of them end the packet's way. */
function tableOf(dice: Dice, table: TableName): string {
  const rules = Array.from({ length: dice.between(8, 16) }, () => {
    const hook = dice.of(builtinChains(table));
    const received = hook === "PREROUTING" || hook === "INPUT" || hook === "FORWARD";
    const condition = received && dice.maybe(0.08) ? "-m eui64" : dice.of(headerRules);
    const target = table === "raw" ? dice.of(["", "", "-j ACCEPT", "-j DROP"]) : dice.of(targets);
    return ["-A", hook, condition, target].filter(Boolean).join(" ");
  });
  return [`*${table}`, ...rules, "COMMIT"].join("\n");
}

/** Without connection tracking, so that fragments come to the rules as they are. */
export const headerRuleset = (dice: Dice): string =>
  `${[tableOf(dice, "raw"), tableOf(dice, "mangle")].join("\n")}\n`;

/** Packets with extension headers, fragments, and addresses made of Ethernet ones. */
export const headerPackets = (dice: Dice): ScenarioPacket[] =>
  interleave(
    dice,
    Array.from({ length: dice.between(14, 24) }, () => ({
      steps: dice.weighed([
        [8, extensionFlow],
        [2, fragmentFlow6],
        [1, eui64Flow],
      ])(dice),
    })),
  );
