import type { Word } from "./tree.ts";

export interface Program {
  readonly program: "iptables" | "ip6tables";
  readonly kind: "iptables" | "restore" | "save";
  /** The words behind the program's name. */
  readonly words: readonly Word[];
}

/** What a command line runs. */
export type Call =
  | { readonly kind: "iptables"; readonly call: Program }
  /** Runs a command that it was given, in a way we don't follow: `eval`, `xargs`, `ip netns exec` … */
  | { readonly kind: "indirect"; readonly name: string; readonly words: readonly Word[] }
  | { readonly kind: "other"; readonly name: string; readonly words: readonly Word[] };

const names = /^(ip6?tables)(?:-(?:legacy|nft))?(?:-(restore|save))?$/;

/** The options with an argument of the programs that run their own arguments as a command. */
const wrappers: ReadonlyMap<string, { readonly valued: RegExp; readonly operands: number }> = new Map([
  ["sudo", { valued: /^-[ughpCrtTUDR]$|^--(?:user|group|host|prompt|chdir)$/, operands: 0 }],
  ["doas", { valued: /^-[uC]$/, operands: 0 }],
  ["env", { valued: /^-[uCS]$/, operands: 0 }],
  ["exec", { valued: /^-a$/, operands: 0 }],
  ["command", { valued: /^$/, operands: 0 }],
  ["builtin", { valued: /^$/, operands: 0 }],
  ["nice", { valued: /^-n$/, operands: 0 }],
  ["ionice", { valued: /^-[cn]$/, operands: 0 }],
  ["nohup", { valued: /^$/, operands: 0 }],
  ["time", { valued: /^$/, operands: 0 }],
  ["timeout", { valued: /^-[ks]$/, operands: 1 }],
]);

const runners = new Set(
  "eval xargs sh bash dash ksh zsh su ip nsenter unshare chroot flock watch parallel trap".split(" "),
);

/** The last part of a path. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** True for the name or path of iptables, ip6tables and their restore forms. */
export const isIptables = (word: string): boolean =>
  names.exec(baseName(word))?.[2] !== "save" && names.test(baseName(word));

/** Shell text that, run as a command, would change rules. */
export const mentionsIptables = (text: string): boolean =>
  /\bip6?tables(?:-(?:legacy|nft))?(?:-restore\b|\s[^;|&\n]*?-(?:[AIDRFXNPEZ]\b|-(?:append|insert|delete|replace|flush|new|policy|rename|zero)))/.test(
    text,
  );

/** Looks through `sudo`, `env` and their like. `words` is not empty. */
export function callOf(words: readonly Word[]): Call {
  const first = words[0]!;
  const name = baseName(first.text);
  const rest = words.slice(1);
  if (/^xtables-(?:legacy|nft)-multi$/.test(name) && rest.length > 0) return callOf(rest);
  const known = names.exec(name);
  if (known !== null) {
    const program = known[1] === "ip6tables" ? "ip6tables" : "iptables";
    const kind = known[2] === "restore" ? "restore" : known[2] === "save" ? "save" : "iptables";
    return { kind: "iptables", call: { program, kind, words: rest } };
  }
  const wrapper = wrappers.get(name);
  if (wrapper !== undefined) {
    const inner = wrapped(name, wrapper, rest);
    if (inner !== undefined) return callOf(inner);
  }
  if (runners.has(name)) return { kind: "indirect", name, words: rest };
  return { kind: "other", name, words: rest };
}

function wrapped(
  name: string,
  { valued, operands }: { readonly valued: RegExp; readonly operands: number },
  words: readonly Word[],
): readonly Word[] | undefined {
  let at = 0;
  for (; at < words.length; at++) {
    const word = words[at]!.text;
    if (name === "command" && /^-[vV]/.test(word)) return undefined;
    if (word === "--") {
      at++;
      break;
    }
    if (valued.test(word)) at++;
    else if (!word.startsWith("-") && !(/^(?:env|sudo|doas)$/.test(name) && /^\w+=/.test(word))) break;
  }
  const inner = words.slice(at + operands);
  return inner.length > 0 ? inner : undefined;
}
