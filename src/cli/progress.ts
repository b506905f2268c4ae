import type { Terminal } from "./terminal.ts";

/** Seconds between two drawings. */
const interval = 0.2;
const width = 30;

/** A bar on standard error while something long runs; nothing at all where that is no terminal. */
export class Progress {
  private readonly terminal: Terminal;
  /** `undefined`: nobody knows how much there is. */
  private readonly total: number | undefined;
  private done = 0;
  private drawn: number | undefined;

  constructor(terminal: Terminal, total: number | undefined) {
    this.terminal = terminal;
    this.total = total;
  }

  add(amount: number, label: () => string): void {
    this.done += amount;
    if (!this.terminal.errIsTerminal) return;
    const now = this.terminal.now();
    if (this.drawn !== undefined && now - this.drawn < interval) return;
    this.drawn = now;
    this.terminal.err(`\r${this.bar()}${label()}\u001b[K`);
  }

  /** Takes the bar away. */
  end(): void {
    if (this.drawn !== undefined) this.terminal.err("\r\u001b[K");
  }

  private bar(): string {
    if (!this.total) return "";
    const share = Math.min(1, this.done / this.total);
    const full = Math.round(share * width);
    return `[${"#".repeat(full)}${".".repeat(width - full)}] ${Math.floor(share * 100)} % `;
  }
}
