import { colourStyle, plainStyle, type Style } from "../report/style.ts";
import type { Terminal } from "./terminal.ts";

export type ColourChoice = "auto" | "always" | "never";
export const colourChoices: readonly ColourChoice[] = ["auto", "always", "never"];

/** `--color` decides, then NO_COLOR (no-color.org), then FORCE_COLOR, then whether the stream is a terminal. */
export function wantsColour(choice: ColourChoice, terminal: Terminal, stream: "out" | "err"): boolean {
  if (choice !== "auto") return choice === "always";
  const { NO_COLOR, FORCE_COLOR, TERM } = terminal.environment;
  if (NO_COLOR !== undefined && NO_COLOR !== "") return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== "") return FORCE_COLOR !== "0";
  return TERM !== "dumb" && (stream === "out" ? terminal.outIsTerminal : terminal.errIsTerminal);
}

export const styleFor = (choice: ColourChoice, terminal: Terminal, stream: "out" | "err"): Style =>
  wantsColour(choice, terminal, stream) ? colourStyle : plainStyle;
