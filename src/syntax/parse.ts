import type { Source } from "../diagnostics/diagnostic.ts";
import { type Parsed, parseSave } from "./parse-save.ts";
import { parseScript } from "./parse-script.ts";

export type { Parsed } from "./parse-save.ts";

/** Parses an iptables-save dump or a script of iptables commands, whichever the text is. Never throws. */
export function parseText(source: Source): Parsed {
  return formOf(source.text) === "save" ? parseSave(source) : parseScript(source);
}

/** The form of a text by its first line that says something, or else by any line that only a save file has. */
export function formOf(text: string): "save" | "script" {
  const first = /^(?![ \t]*(?:#|\r?$)).*$/m.exec(text)?.[0] ?? "";
  if (/^\s*(?:\*|:\S+[ \t]+\S|\[\d*:\d*\]|COMMIT\s*$|-[A-Z]\b|--[a-z])/.test(first)) return "save";
  return /^\*\w+[ \t]*\r?$/m.test(text) && !text.includes("<<") ? "save" : "script";
}
