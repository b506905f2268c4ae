import type { TableName } from "../../../../src/extensions/extension.ts";
import type { Hook } from "../../../../src/packet/context.ts";
import type { Dice } from "../dice.ts";
import type { Sight } from "./sight.ts";

/** One `-m …`, aimed at what a rule sees; where it is valid. */
export interface Condition {
  readonly weight: number;
  readonly hooks?: readonly Hook[];
  readonly tables?: readonly TableName[];
  readonly protocols?: readonly number[];
  readonly needsConntrack?: true;
  readonly text: (dice: Dice, sight: Sight) => string;
}

/** A `!`, now and then. */
export const not = (dice: Dice, probability = 0.2): string => (dice.maybe(probability) ? "! " : "");
