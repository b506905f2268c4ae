import { complain } from "./complaint.ts";
import type { SetKind } from "./ip-set.ts";
import type { LineWord } from "./line-words.ts";
import type { OptionWords } from "./option-words.ts";
import { elementOptions, maxTimeout } from "./read-create.ts";
import { readMark } from "./read-element.ts";
import { type EntryExtensions, plainEntry } from "./set-entry.ts";

export const maxCounter = Number.MAX_SAFE_INTEGER;

/** What stands behind an element. */
export interface EntryWords {
  readonly extensions: EntryExtensions;
  readonly wildcard: boolean;
  /** In a list: the set before or behind which the new one goes. */
  readonly place: { readonly where: "before" | "after"; readonly name: LineWord } | undefined;
}

/** Options by the extension that the set must have been made with. */
const needs: Readonly<Record<string, "timeout" | "counters" | "comment" | "skbinfo">> = {
  timeout: "timeout",
  packets: "counters",
  bytes: "counters",
  comment: "comment",
  skbmark: "skbinfo",
  skbprio: "skbinfo",
  skbqueue: "skbinfo",
};
const calledIn = {
  timeout: ["Timeout", "timeout"],
  counters: ["Packet/byte counters", "counters"],
  comment: ["Comment", "comment"],
  skbinfo: ["Skbinfo mapping", "skbinfo"],
} as const;

/** Reads what stands behind an element of `add`, `del` and `test`. */
export function readEntryWords(set: SetKind, words: OptionWords): EntryWords {
  const { timeout } = set.options;
  const extensions = { ...plainEntry, timeout: timeout ?? 0 };
  let wildcard = false;
  let place: EntryWords["place"];
  const own = elementOptions(set.type);
  for (let word = words.next(); word; word = words.next()) {
    const { text } = word;
    const extension = Object.hasOwn(needs, text) ? needs[text] : undefined;
    if (!extension && !own.has(text)) complain(`Unknown argument: \`${text}'`, word.span);
    if (extension) {
      Object.assign(extensions, readExtension(word, words));
      const [called, support] = calledIn[extension];
      const has = extension === "timeout" ? timeout !== undefined : set.options[extension];
      if (!has) complain(`${called} cannot be used: set was created without ${support} support`, word.span);
    } else if (text === "nomatch") extensions.nomatch = true;
    else if (text === "wildcard") wildcard = true;
    else place = { where: text === "before" ? "before" : "after", name: words.value(word) };
  }
  return { extensions, wildcard, place };
}

function readExtension(option: LineWord, words: OptionWords): Partial<EntryExtensions> {
  switch (option.text) {
    case "timeout":
      return { timeout: words.number(option, 0, maxTimeout) };
    case "packets":
      return { packets: words.number(option, 0, maxCounter) };
    case "bytes":
      return { bytes: words.number(option, 0, maxCounter) };
    case "comment":
      return { comment: words.value(option).text };
    case "skbmark": {
      const [mark = "", mask = "0xffffffff"] = words.value(option).text.split("/");
      return { mark: readMark(mark), markMask: readMark(mask) };
    }
    case "skbprio": {
      const { text, span } = words.value(option);
      const [, major = "", minor = ""] = /^([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(text) ?? [];
      if (major === "") complain(`Invalid skbprio format, it should be MAJOR:MINOR (see manpage)`, span);
      return { priority: Number.parseInt(major, 16) * 65536 + Number.parseInt(minor, 16) };
    }
    default:
      return { queue: words.number(option, 0, 65535) };
  }
}
