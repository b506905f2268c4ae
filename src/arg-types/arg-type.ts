import type { Family } from "../packet/address.ts";

/** Names of ipsets, with the family of those that have one. */
export type SetNames = ReadonlyMap<string, Family | undefined>;

/** What an argument's reading may depend on. */
export interface ArgSite {
  readonly family: Family;
  /** The rule's `-p` where it stands before and is not inverted: service names depend on it. */
  readonly protocol: number | undefined;
  /** The extension and the option (without dashes) that the argument belongs to: libxtables' messages name them. */
  readonly extension?: string;
  readonly option?: string;
  /** The host's ipsets, where they are known. */
  readonly sets?: SetNames;
}

export interface ArgWarning {
  readonly code: "truncated-value" | "unresolved-name";
  readonly message: string;
  readonly help?: string;
}

export type Result<V> =
  | {
      readonly ok: true;
      readonly value: V;
      /** What the user should know of an argument that is taken all the same. */
      readonly warning?: ArgWarning;
    }
  /** `message` is iptables' own wording where it has one. */
  | { readonly ok: false; readonly message: string; readonly help?: string };

export const ok = <V>(value: V): Result<V> => ({ ok: true, value });
export const bad = (message: string, help?: string): { ok: false; message: string; help?: string } =>
  help === undefined ? { ok: false, message } : { ok: false, message, help };

/**
 * Reads and writes the argument of an option.
 * Law: `parse(words of print(v)) = v`. Facts about syntax and range come from libxtables and iptables-extensions(8).
 */
export interface ArgType<V> {
  /** For help and docs: `port[:port]`; empty where the option is a flag. */
  readonly placeholder: string;
  /** How many words of the command line it takes: 0 for a flag, 2 for `--tcp-flags mask comp`. */
  readonly words: 0 | 1 | 2;
  /** The one word may be absent: then what follows is no argument or begins with `-` or `!`, and `print` gives nothing. */
  readonly optional?: true;
  parse(words: readonly string[], site: ArgSite): Result<V>;
  /** As iptables-save writes it, quoting included. */
  print(value: V, site: ArgSite): string;
  /**
   * Where what stands at `start` of a text ends, if its characters alone tell that `parse` takes it without a warning and
   * `print` gives it back; else -1. For what nearly each rule of a long dump has another one of: nothing is made of it then.
   * Whoever asks sees to it that a word ends there.
   */
  savedEnd?(text: string, start: number, end: number): number;
  /** Values for the law tests: typical ones and the edges. */
  readonly samples: readonly V[];
}

/** The elements that a repeated flag begins: their options stand behind it (`OptionSpec.begins`). */
export const elements: ArgType<
  readonly Readonly<Record<string, { readonly value: unknown; readonly inverted: boolean } | undefined>>[]
> = { placeholder: "", words: 0, parse: () => ok([]), print: () => "", samples: [[]] };

/** An option without argument. */
export const flag: ArgType<true> = {
  placeholder: "",
  words: 0,
  parse: () => ok(true),
  print: () => "",
  samples: [true],
};
