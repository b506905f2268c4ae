import type { ArgType } from "../arg-types/arg-type.ts";
import type { DiagnosticCode } from "../diagnostics/codes.ts";
import type { Formula } from "../formula/formula.ts";
import type { Family } from "../packet/address.ts";
import type { Hook } from "../packet/context.ts";
import type { HostSets } from "../packet/host-sets.ts";
import type { Effect } from "./effect.ts";

export type TableName = "raw" | "mangle" | "nat" | "filter" | "security";

/** An option that a rule keeps and prints. */
export interface OptionSpec<V> {
  readonly arg: ArgType<V>;
  readonly help: string;
  /** Further spellings, accepted and never printed. */
  readonly aliases?: readonly string[];
  /** The spelling that libxtables' messages have, where it is not the printed one. */
  readonly called?: string;
  /** Of the families that know the option, where not both do. */
  readonly families?: readonly Family[];
  readonly invertible?: true;
  /** iptables' own words where it says that the option cannot be inverted. */
  readonly cannotInvert?: string;
  /** iptables' own words, said at once, where the option or another way to write it was given before. */
  readonly once?: string;
  readonly required?: true;
  /** May be given more than once; the last value counts, and a `!` before any of them. */
  readonly repeatable?: true;
  /** The value where the option is absent. */
  readonly fallback?: V;
  /** iptables-save leaves the option out where its value is the fallback. */
  readonly omitFallback?: true;
  /** It does so even where the option is inverted, and thereby loses the `!` (iptables 1.8.9 with full port ranges). */
  readonly omitInverted?: true;
  /** Values other than the fallback that iptables-save leaves out, so that its text loses them. */
  omits?(value: V): boolean;
  readonly excludes?: readonly string[];
  readonly requires?: readonly string[];
  /** Options that a value gives as well: giving one of them later is giving it twice. */
  gives?(value: V): readonly string[];
  /**
   * A flag that starts a further element: these options, given behind it, are the new element's. Its value is the list of
   * the elements behind the first one, each as the args of a use.
   */
  readonly begins?: readonly string[];
}

/** The options of one element behind the first. */
export type ElementArgs = Readonly<Record<string, Arg<unknown> | undefined>>;

/** An option that is another way to write one: `--syn` is `--tcp-flags FIN,SYN,RST,ACK SYN`. Never printed. */
export interface Sugar<V> {
  readonly arg: ArgType<V>;
  readonly help: string;
  readonly aliases?: readonly string[];
  readonly invertible?: true;
  readonly once?: string;
  /** The option that it sets. Exclusions of that option hold for this one too. */
  readonly into: string;
  convert(value: V): unknown;
}

// biome-ignore lint/suspicious/noExplicitAny: the table is heterogeneous; Args<> gives each option its own type back
export type OptionTable = Readonly<Record<string, OptionSpec<any> | Sugar<any>>>;

/** One option of a rule: its value and whether a `!` stands before it. */
export interface Arg<V> {
  readonly value: V;
  readonly inverted: boolean;
}
type ArgFor<S> = S extends { readonly into: string } ? never : S extends OptionSpec<infer V> ? Arg<V> : never;
type Kept<O> = { [K in keyof O]: O[K] extends { readonly into: string } ? never : K }[keyof O];
type Present<O> = {
  [K in Kept<O>]: O[K] extends { required: true } | { fallback: unknown } ? K : never;
}[Kept<O>];
/** The bound options of one use, by name: present ones always, others perhaps. */
export type Args<O extends OptionTable> = { readonly [K in Present<O>]: ArgFor<O[K]> } & {
  readonly [K in Exclude<Kept<O>, Present<O>>]?: ArgFor<O[K]>;
};

/** Where a rule stands, for what its validity depends on. */
export interface Site {
  readonly family: Family;
  readonly table: TableName;
  /** Hooks that can reach the rule's chain; all hooks of the table where that is not known yet. */
  readonly hooks: readonly Hook[];
  /** The rule's `-p`. */
  readonly protocol: { readonly value: number; readonly inverted: boolean } | undefined;
  /** The rule's matches; absent while the rule is still being read. */
  readonly matches?: readonly NamedMatch[];
  /** The host's ipsets, where they are known: whether a set exists and can change. */
  readonly sets?: Pick<HostSets, "changes" | "ranges"> | undefined;
}

/** A match of a rule as other extensions of the rule see it. */
export interface NamedMatch {
  readonly name: string;
  readonly args: Readonly<Record<string, Arg<unknown> | undefined>>;
}

/** A reason for which iptables (`kernel: false`) or the kernel refuses the rule. */
export interface Problem {
  readonly code: DiagnosticCode;
  /** iptables' own words, or what the kernel objects to. */
  readonly message: string;
  readonly help?: string;
  /** The option at fault, for the diagnostic's place. */
  readonly option?: string;
  /** True where iptables takes the rule and only the kernel refuses it. */
  readonly kernel?: boolean;
  /** What iptables says of the kernel's refusal where it is not `Invalid argument`. */
  readonly iptables?: string;
}

/** Where an extension may stand. What is absent is not restricted. */
export interface ValidIn {
  readonly families?: readonly Family[];
  readonly tables?: readonly TableName[];
  readonly hooks?: readonly Hook[];
  /** Protocol numbers, one of which the rule's `-p` must be (not inverted). */
  readonly protocols?: readonly number[];
}

/** One line of documentation that is a test at once. `rule` is what follows `-A CHAIN`. */
export type Example = {
  readonly rule: string;
  /** `table/CHAIN`; `filter/INPUT` (or where the extension is valid) unless told. */
  readonly at?: string;
  readonly family?: Family;
} & (
  | { /** What iptables-save prints; "=" for the same text. */ readonly saves: string }
  | { /** The diagnostic's code. */ readonly refused: DiagnosticCode }
  | { /** A packet in iptables' words. */ readonly packet: string; readonly matches: boolean }
);

interface Extension<O extends OptionTable> {
  /** As `-m` or `-j` names it. */
  readonly name: string;
  /** Other names for `-m`/`-j`: iptables itself prints `name`. */
  readonly aliases?: readonly string[];
  /** One line for help and docs. */
  readonly summary: string;
  readonly validIn?: ValidIn;
  /** The kernel turns connection tracking on for a rule set that has such a rule (nf_ct_netns_get at its load). */
  readonly needsConntrack?: true | { /** Not for a rule that has this option. */ readonly unless: string };
  /** The kernel puts fragments together before any table for a rule set that has such a rule, as it does for conntrack. */
  readonly needsDefragmentation?: true;
  /** The kernel turns nf_conntrack_acct on when it loads such a rule. */
  readonly needsAccounting?: true;
  /** In the order in which iptables-save prints them. */
  readonly options: O;
  /**
   * Turns the options as they were given into the ones that iptables keeps and prints, e.g. `! --connlimit-above 2` into
   * `--connlimit-upto 2`. `bind` calls it once all options are read and their fallbacks filled in, before `check`.
   * The args stand in the order in which they were given, fallbacks last.
   * Law: doing it twice changes nothing.
   */
  normalize?(args: Args<O>, site: Site): Args<O>;
  /** The problems that the table cannot say, in the order in which iptables and then the kernel would find them. */
  check?(args: Args<O>, site: Site): readonly Problem[];
  readonly examples: readonly Example[];
}

/** Method syntax is deliberate: it lets the registry hold matches of different option tables without a cast. */
export interface Match<O extends OptionTable = OptionTable> extends Extension<O> {
  /** Its meaning has a stateful leaf, whose memory begins when the rule is loaded. */
  readonly remembers?: true;
  meaning(args: Args<O>, site: Site): Formula;
}

export interface Target<O extends OptionTable = OptionTable> extends Extension<O> {
  effects(args: Args<O>, site: Site): readonly Effect[];
}

export const defineMatch = <const O extends OptionTable>(match: Match<O>): Match<O> => match;
export const defineTarget = <const O extends OptionTable>(target: Target<O>): Target<O> => target;
