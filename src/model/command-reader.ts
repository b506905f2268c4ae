import type { SetNames } from "../arg-types/arg-type.ts";
import type { Span } from "../diagnostics/diagnostic.ts";
import type { Site, TableName } from "../extensions/extension.ts";
import type { Family } from "../packet/address.ts";
import type { Hook } from "../packet/context.ts";
import type { Word } from "../syntax/tree.ts";
import { checkNewChainName, tooLong } from "./chain-name.ts";
import type { Command } from "./command.ts";
import {
  allowedWith,
  type CommandLetter,
  checkedOrder,
  invertible,
  isCommandLetter,
  longOptions,
  type OptionLetter,
  ruleCommands,
  shortOptions,
  shownAs,
} from "./command-options.ts";
import { didYouMean } from "./did-you-mean.ts";
import { expandSpec } from "./expand-spec.ts";
import { Getopt } from "./getopt.ts";
import { builtinChains, tableNames } from "./hooks.ts";
import { makeCommand } from "./make-command.ts";
import { readCounters, readInterface, readProtocol, readRuleNumber } from "./option-values.ts";
import { refuse } from "./refusal.ts";
import { type ExtensionOption, type Meaning, RuleReader, type Warning } from "./rule-reader.ts";
import { type Counters, type Origin, PlainRule, type Rule, type RuleSpec } from "./ruleset.ts";
import { noCounters } from "./table-draft.ts";

interface ReaderSite {
  readonly family: Family;
  readonly section: TableName | undefined;
  /** `[packets:bytes]` before the command. */
  readonly counters: Counters | undefined;
  /** Names that are chains' even where a target has them. */
  readonly announced: ReadonlySet<string>;
  readonly sets: SetNames | undefined;
  readonly origin: Origin;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Reads one command, option by option, as iptables' do_parse does; refuses at the first fault, in its order. */
export class CommandReader {
  readonly #site: ReaderSite;
  readonly #options: Getopt<Meaning>;
  readonly #rule: RuleReader;
  readonly #spec: Mutable<RuleSpec> = {};
  readonly #seen = new Map<OptionLetter, Span>();
  #commands = "";
  #chain: Word | undefined;
  #argument: Word | undefined;
  #number: number | undefined;
  #table: Word | undefined;
  readonly #addresses: { s?: Word; d?: Word } = {};
  #protocolWord: Word | undefined;
  #counters: Counters | undefined;
  /** The `!` that waits for its option. */
  #invert: Word | undefined;

  constructor(words: readonly Word[], site: ReaderSite) {
    this.#site = site;
    this.#options = new Getopt(words, longOptions(site.family), shortOptions);
    this.#rule = new RuleReader(site.family, site.section !== undefined, site.announced);
  }

  get warnings(): readonly Warning[] {
    return this.#rule.warnings;
  }

  read(): Command | undefined {
    for (let step = this.#options.next(); step !== undefined; step = this.#options.next()) {
      if (step.kind === "argument") {
        this.#readArgument(step.word);
        continue;
      }
      if (step.kind === "option") {
        if (step.attached) this.#warnAttached(step);
        if (this.#readOption(step.meaning, step.word, step.value) === "stop") return undefined;
      } else if (!this.#readUnknown(step)) {
        continue;
      }
      this.#invert = undefined;
    }
    return this.#finish();
  }

  #readArgument(word: Word): void {
    if (word.text === "!") {
      if (this.#invert) refuse("unexpected-value", "multiple consecutive ! not allowed", word.span);
      this.#invert = word;
    } else if (this.#rule.takeArgument(word, this.#invert !== undefined)) {
      this.#invert = undefined;
    } else {
      const help = this.#invert
        ? "write the `!` before the option"
        : didYouMean(`-${word.text}`, RuleReader.optionNames(this.#options));
      refuse("unexpected-value", `Bad argument \`${word.text}'`, word.span, help);
    }
  }

  /** False where the word must be read again, now with the protocol's options. */
  #readUnknown(
    step: { word: Word } & (
      | { kind: "missing-value" }
      | { kind: "unknown"; name: string; abbreviates: readonly string[] }
    ),
  ): boolean {
    const { word } = step;
    const name = step.kind === "unknown" ? step.name : word.text.replace(/^-+/, "");
    const protocol = this.#spec.protocol?.value;
    if (this.#rule.loadProtocol(protocol, this.#protocolWord, name, this.#options)) {
      this.#options.back();
      return false;
    }
    if (step.kind === "missing-value") {
      refuse("missing-value", `option "${word.text}" requires an argument`, word.span);
    }
    if (this.#rule.takeUnknownOption(word, this.#invert !== undefined)) return true;
    const [first, ...others] = step.abbreviates;
    if (first !== undefined && others.length > 0) {
      const names = step.abbreviates.map((each) => `\`--${each}\``).join(", ");
      refuse("ambiguous-option", `unknown option "${word.text}"`, word.span, `it could be ${names}`);
    }
    const help = this.#helpForUnknown(name) ?? didYouMean(word.text, RuleReader.optionNames(this.#options));
    return refuse("unknown-option", `unknown option "${word.text}"`, word.span, help);
  }

  /** Ports without a protocol before them are the commonest of all unknown options. */
  #helpForUnknown(name: string): string | undefined {
    const port = /^(sport|dport|source-port|destination-port|tcp-flags|syn)$/.test(name);
    if (port && this.#protocolWord === undefined) return `write \`-p tcp\` before \`--${name}\``;
    return undefined;
  }

  #readOption(meaning: Meaning, word: Word, value: Word | undefined): "stop" | undefined {
    if (typeof meaning !== "string") {
      this.#readExtensionOption(meaning, word, value);
      return undefined;
    }
    this.#rule.close();
    if (isCommandLetter(meaning)) {
      this.#readCommand(meaning, word, value);
      return undefined;
    }
    return this.#readGlobalOption(meaning, word, value);
  }

  #readExtensionOption(option: ExtensionOption, word: Word, value: Word | undefined): void {
    const { words, optional, parse } = option.use.argOf(option.name);
    const own = value ?? (optional ? this.#options.takeArgument() : undefined);
    const taken = own === undefined ? [] : [own];
    if (words === 2) {
      const second = this.#options.takeArgument();
      if (second === undefined) {
        const read = parse(
          taken.map(({ text }) => text),
          { family: this.#site.family, protocol: undefined, option: option.name },
        );
        refuse("missing-value", read.ok ? `--${option.name} requires two args.` : read.message, word.span);
      }
      taken.push(second);
    }
    const protocol = this.#spec.protocol;
    this.#rule.take(option, taken, this.#invert !== undefined, word, {
      family: this.#site.family,
      protocol: protocol?.inverted ? undefined : protocol?.value,
      ...(this.#site.sets ? { sets: this.#site.sets } : {}),
    });
  }

  #readCommand(letter: CommandLetter, word: Word, value: Word | undefined): void {
    if (this.#invert) refuse("not-invertible", "unexpected '!' flag", this.#invert.span);
    const together = { L: "Z", S: "Z", Z: "LS" }[letter as string] ?? "";
    const clash = [...this.#commands].find((other) => !together.includes(other));
    if (clash) refuse("option-conflict", `Cannot use -${letter} with -${clash}`, word.span);
    if (letter === "N") checkNewChainName(value!.text, value!.span, this.#site.announced);
    this.#commands += letter;
    const options = this.#options;
    const chain = value ?? ("LSFZX".includes(letter) ? options.takeArgument() : undefined);
    this.#chain = chain ?? this.#chain;
    if ("DRILSZ".includes(letter)) {
      const number = options.takeArgument();
      if (number) this.#number = readRuleNumber(number);
      else if (letter === "R") refuse("missing-value", "-R requires a rule number", word.span);
    } else if (letter === "E" || letter === "P") {
      this.#argument = options.takeArgument();
      if (!this.#argument) {
        const what = letter === "E" ? "old-chain-name and new-chain-name" : "a chain and a policy";
        refuse("missing-value", `-${letter} requires ${what}`, word.span);
      }
    }
  }

  #readGlobalOption(
    letter: Exclude<OptionLetter, CommandLetter>,
    word: Word,
    value: Word | undefined,
  ): "stop" | undefined {
    if (letter === "m" || letter === "t") {
      const long = letter === "m" ? "match" : "table";
      if (this.#invert) refuse("not-invertible", `unexpected ! flag before --${long}`, this.#invert.span);
    } else if (letter in allowedWith || letter === "v") {
      this.#mark(letter, word);
    }
    const inverted = this.#invert !== undefined;
    switch (letter) {
      case "p":
        this.#spec.protocol = { value: readProtocol(value!, inverted), inverted };
        this.#protocolWord = value;
        break;
      case "s":
      case "d":
        this.#addresses[letter] = value!;
        this.#spec[letter === "s" ? "source" : "destination"] = { value: { address: 0, mask: 0 }, inverted };
        break;
      case "i":
      case "o":
        this.#spec[letter === "i" ? "inInterface" : "outInterface"] = {
          value: readInterface(value!, this.#rule.warnings),
          inverted,
        };
        break;
      case "f":
        if (this.#site.family === "ipv6") {
          refuse("wrong-place", "`-f' is not supported in IPv6, use -m frag instead", word.span);
        }
        this.#spec.fragment = { value: true, inverted };
        break;
      case "j":
        this.#rule.jump(value!, this.#options);
        break;
      case "g":
        this.#rule.goto(value!);
        break;
      case "m":
        this.#rule.loadMatch(value!, this.#options);
        break;
      case "t":
        if (this.#site.section) {
          refuse("unexpected-value", "The -t option cannot be used in iptables-restore.", word.span);
        }
        this.#table = value;
        break;
      case "c":
        this.#counters = readCounters(word, value!, this.#options);
        break;
      case "w":
      case "W":
        this.#readWait(letter, word, value);
        break;
      case "4":
      case "6":
        return this.#readFamily(letter, word);
      case "h":
      case "V":
        return "stop";
      default:
    }
    return undefined;
  }

  /** Notes an option that may stand once, with what `!` may stand before. */
  #mark(letter: OptionLetter, word: Word): void {
    // -j and -g are one option to iptables
    const same: OptionLetter = letter === "g" ? "j" : letter;
    if (this.#seen.has(same) && letter !== "v") {
      refuse("repeated-option", `multiple ${shownAs(same)} flags not allowed`, word.span);
    }
    this.#seen.set(same, word.span);
    if (this.#invert && !invertible.includes(letter)) {
      refuse("not-invertible", `cannot have ! before ${shownAs(same)}`, this.#invert.span);
    }
  }

  /** iptables 1.8.9 takes the whole word for the value of these options, dashes and all. */
  #warnAttached({ meaning, word, value }: { meaning: Meaning; word: Word; value: Word | undefined }): void {
    if (typeof meaning !== "string" || !"psdioj".includes(meaning) || !value) return;
    this.#rule.warnings.push({
      code: "version-dependent",
      message: `iptables 1.8.9 reads the whole word \`${word.text}\` as the option's argument`,
      span: word.span,
      notes: [`other versions read \`${value.text}\`, and so it is taken here`],
      help: `write the argument as a word of its own: \`-${meaning} ${value.text}\``,
    });
  }

  #readWait(letter: "w" | "W", word: Word, value: Word | undefined): void {
    if (this.#site.section) {
      refuse("unexpected-value", `You cannot use \`-${letter}' from iptables-restore`, word.span);
    }
    const time = value ?? this.#options.takeArgument();
    if (time && !/^\s*[-+]?\d/.test(time.text)) refuse("bad-value", "wait seconds not numeric", time.span);
    this.#seen.set(letter, word.span);
  }

  #readFamily(letter: "4" | "6", word: Word): "stop" | undefined {
    if ((letter === "4") === (this.#site.family === "ipv4")) return undefined;
    // iptables-restore skips the lines of the other family
    if (this.#site.section) return "stop";
    const program = letter === "4" ? "ip6tables" : "iptables";
    return refuse("wrong-place", `${program} does not take \`-${letter}\``, word.span);
  }

  #finish(): Command | undefined {
    const table = this.#site.section ?? this.#table?.text ?? "filter";
    const dropped = this.#argument?.text === "DROP" && this.#commands.includes("P");
    if (table === "nat" && (dropped || this.#rule.jumpsTo === "DROP")) {
      refuse(
        "wrong-place",
        'The "nat" table is not intended for filtering, the use of DROP is therefore inhibited.',
        this.#argument?.span ?? this.#seen.get("j"),
      );
    }
    if (this.#seen.has("W") && !this.#seen.has("w")) {
      refuse("option-missing", "--wait-interval only makes sense with --wait", this.#seen.get("W"));
    }
    const known = tableNames.find((name) => name === table);
    const parts = this.#rule.finish(this.#ruleSite(known ?? "filter"));
    const rest = this.#options.rest[0];
    if (rest) refuse("unexpected-value", "unknown arguments found on commandline", rest.span);
    if (this.#commands === "") refuse("missing-value", "no command specified");
    if (this.#invert) {
      refuse("unexpected-value", "nothing appropriate following !", this.#invert.span);
    }
    const replaces = this.#commands === "R";
    const specs = expandSpec(this.#spec, this.#addresses, this.#site.family, replaces);
    this.#checkOptions();
    if (!known) {
      const message = `can't initialize iptables table \`${table}': Table does not exist (do you need to insmod?)`;
      refuse("no-such-table", message, this.#table?.span, didYouMean(table, tableNames));
    }
    const given = this.#counters ?? this.#site.counters;
    const counters = given ?? noCounters;
    const rules = specs.map(
      (spec): Rule => new PlainRule({ spec, ...parts, counters, origin: this.#site.origin }),
    );
    return makeCommand(this.#commands, rules, {
      table: known,
      chain: this.#chain?.text,
      number: this.#number,
      argument: this.#argument?.text,
      counters: given,
    });
  }

  #ruleSite(table: TableName): Site {
    const chains = builtinChains(table);
    const hook: Hook | undefined = chains.find((name) => name === this.#chain?.text);
    return {
      family: this.#site.family,
      table,
      hooks: hook ? [hook] : chains,
      protocol: this.#spec.protocol,
    };
  }

  #checkOptions(): void {
    // a number makes -D and -Z commands of their own, which take no specification
    const commands = this.#number !== undefined && /[DZ]/.test(this.#commands) ? "" : this.#commands;
    for (const letter of checkedOrder) {
      const span = this.#seen.get(letter);
      if (!span || [...commands].some((command) => allowedWith[letter]?.includes(command))) continue;
      refuse("unexpected-value", `Illegal option \`-${letter}' with this command`, span);
    }
    const chain = this.#chain;
    if (chain && tooLong(chain.text)) {
      const message = `chain name \`${chain.text}' too long (must be under 29 chars)`;
      refuse("bad-value", message, chain.span);
    }
    if (!chain || !ruleCommands.includes(this.#commands)) return;
    const wrong = { PREROUTING: "o", INPUT: "o", POSTROUTING: "i", OUTPUT: "i" } as const;
    const letter = chain.text in wrong ? wrong[chain.text as keyof typeof wrong] : undefined;
    if (letter && this.#seen.has(letter)) {
      refuse("wrong-place", `Can't use -${letter} with ${chain.text}`, this.#seen.get(letter));
    }
  }
}
