import type { Source, Span } from "../diagnostics/diagnostic.ts";

/** One word of a command line after quotes, escapes and variables are taken away. */
export interface Word {
  /** What the program would get in argv. */
  readonly text: string;
  /** Where it stands, quotes included. A word that a variable gave points at the `$NAME`. */
  readonly span: Span;
  /** True where any part was quoted: a quoted `!` is still a `!` to iptables, but a quoted word is never a comment. */
  readonly quoted: boolean;
}

/**
 * A node for each line (or joined lines) of a text, in order. Spans cover the text without gap: concatenating
 * `source.text.slice(span.start, span.end)` of all nodes gives the text back.
 */
export type Node =
  | { readonly kind: "blank" | "comment"; readonly span: Span }
  /** `*filter` */
  | { readonly kind: "table"; readonly span: Span; readonly name: Word }
  /** `:INPUT ACCEPT [12:3456]` */
  | {
      readonly kind: "chain";
      readonly span: Span;
      readonly name: Word;
      readonly policy: Word;
      readonly counters: CountersNode | undefined;
    }
  | { readonly kind: "commit"; readonly span: Span }
  /** A line of a save file: `[1:40] -A INPUT -j ACCEPT`. `words` start at the command. */
  | {
      readonly kind: "rule-line";
      readonly span: Span;
      readonly counters: CountersNode | undefined;
      readonly words: readonly Word[];
    }
  /** A script line that runs iptables or ip6tables. `words` start behind the program's name. */
  | {
      readonly kind: "command";
      readonly span: Span;
      readonly program: "iptables" | "ip6tables";
      readonly words: readonly Word[];
    }
  /** A script line that runs iptables-restore with a here-document; its lines are nodes of their own, spans in the same source. */
  | {
      readonly kind: "restore";
      readonly span: Span;
      readonly program: "iptables" | "ip6tables";
      readonly words: readonly Word[];
      readonly body: readonly Node[];
    }
  /** Anything of a script that needs no following: assignments, `set -e`, `echo`, `ipset …`, `modprobe …`. */
  | { readonly kind: "other"; readonly span: Span }
  /** A line with a diagnostic; the text stays. */
  | { readonly kind: "error"; readonly span: Span };

export interface CountersNode {
  readonly span: Span;
  readonly packets: bigint;
  readonly bytes: bigint;
}

export interface Tree {
  readonly source: Source;
  readonly form: "save" | "script";
  readonly nodes: readonly Node[];
}
