import type { ArgSite, ArgType } from "../../../src/arg-types/arg-type.ts";
import type { Match, Target, ValidIn } from "../../../src/extensions/extension.ts";
import { matches, targets } from "../../../src/extensions/registry.ts";
import { builtinChains, tableNames } from "../../../src/model/hooks.ts";
import type { Family } from "../../../src/packet/address.ts";
import { hooks } from "../../../src/packet/context.ts";
import { protocolName } from "../../../src/packet/protocols.ts";
import { shellWords } from "../../extensions/try-rule.ts";
import type { Dice } from "../generate/dice.ts";
import type { Trial } from "./ask-iptables.ts";
import { shellQuote } from "./shell-quote.ts";
import { spoil } from "./spoil.ts";

/** One line and the extension that it is about. */
export interface OptionLine extends Trial {
  /** `-m NAME`, `-j NAME`. */
  readonly extension: string;
}

type Kind = { readonly letter: "-m" | "-j"; readonly extension: Match | Target };

const kinds: readonly Kind[] = [
  ...matches.map((extension) => ({ letter: "-m", extension }) as const),
  ...targets.map((extension) => ({ letter: "-j", extension }) as const),
];

const families: readonly Family[] = ["ipv4", "ipv6"];

/** What iptables is asked to make of an extension's options: lines as users write them, and their broken neighbours. */
export function someOptionLine(dice: Dice): OptionLine {
  const { letter, extension } = dice.of(kinds);
  const { validIn = {} } = extension;
  const family = dice.maybe(0.04) ? dice.of(families) : dice.of(validIn.families ?? families);
  const words = dice.maybe(0.35)
    ? fromExample(dice, extension, family)
    : fromOptions(dice, letter, extension, family);
  const spoiled = spoil(dice, words ?? fromOptions(dice, letter, extension, family));
  return {
    rule: spoiled.map(shellQuote).join(" "),
    family,
    at: somePlace(dice, validIn),
    extension: `${letter} ${extension.name}`,
  };
}

/** One of the extension's own examples; none where it has none for the family. */
function fromExample(dice: Dice, { examples, validIn }: Match | Target, family: Family) {
  const usable = examples.filter(
    (example) => (example.family ?? validIn?.families?.[0] ?? "ipv4") === family,
  );
  const example = usable.length > 0 ? dice.of(usable) : undefined;
  return example && shellWords(example.rule).map(({ text }) => text);
}

const protocols = ["tcp", "udp", "icmp", "icmpv6", "sctp", "udplite", "esp", "ah", "17", "0"] as const;

function fromOptions(dice: Dice, letter: "-m" | "-j", extension: Match | Target, family: Family): string[] {
  const { name, aliases = [], options, validIn } = extension;
  const protocol =
    validIn?.protocols && dice.maybe(0.85) ? protocolName(dice.of(validIn.protocols)) : undefined;
  const asked = protocol ?? (dice.maybe(0.45) ? dice.of(protocols) : undefined);
  const site: ArgSite = { family, protocol: undefined, extension: name };
  const names = Object.keys(options);
  const wanted = names.filter((option) => {
    const spec = options[option]!;
    return "required" in spec && spec.required ? dice.maybe(0.93) : dice.maybe(1.6 / names.length);
  });
  const chosen = wanted.length > 0 || names.length === 0 || dice.maybe(0.08) ? wanted : [dice.of(names)];
  return [
    ...(asked ? [...(dice.maybe(0.06) ? ["!"] : []), "-p", asked] : []),
    letter,
    aliases.length > 0 && dice.maybe(0.2) ? dice.of(aliases) : name,
    ...shuffled(dice, chosen).flatMap((option) => optionWords(dice, option, options[option]!, site)),
    ...(letter === "-m" && dice.maybe(0.3) ? ["-j", "ACCEPT"] : []),
  ];
}

const shuffled = <T>(dice: Dice, items: readonly T[]): readonly T[] =>
  dice.maybe(0.6) ? items : [...items].reverse();

function optionWords(
  dice: Dice,
  option: string,
  spec: (Match | Target)["options"][string],
  site: ArgSite,
): string[] {
  const { aliases = [], invertible } = spec;
  const spelled = aliases.length > 0 && dice.maybe(0.3) ? dice.of(aliases) : option;
  const arg: ArgType<unknown> = spec.arg;
  const values = shellWords(arg.print(dice.of(arg.samples), { ...site, option })).map(({ text }) => text);
  const given = arg.words === 0 ? [] : values.length === 0 ? [""] : values;
  return [...(invertible && dice.maybe(0.35) ? ["!"] : []), `--${spelled}`, ...given];
}

function somePlace(dice: Dice, { tables, hooks: allowed }: ValidIn): string {
  const table = dice.maybe(0.06) ? dice.of(tableNames) : dice.of(tables ?? tableNames);
  if (dice.maybe(0.05)) return `${table}/own`;
  const chains = builtinChains(table);
  const good = chains.filter(
    (chain) => allowed === undefined || hooks.some((hook) => hook === chain && allowed.includes(hook)),
  );
  return `${table}/${dice.of(good.length > 0 && dice.maybe(0.93) ? good : chains)}`;
}
