import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, readFileSync, readSync, writeSync } from "node:fs";
import koffi from "koffi";
import type { Effects } from "../../src/evaluate/recording.ts";

const pipe = koffi.load("libc.so.6").func("int pipe2(_Out_ int *ends, int flags)");
const closeOnExec = 0o2000000;

function makePipe(): readonly [readEnd: number, writeEnd: number] {
  const ends = [-1, -1];
  if (pipe(ends, closeOnExec) !== 0) throw new Error("no pipe");
  return [ends[0] ?? -1, ends[1] ?? -1];
}

const border = "-- border";

/** What the present network namespace holds after a packet. */
export interface Listing {
  /** `iptables-save -c` without comments. */
  readonly rules: readonly string[];
  readonly connections: Effects["conntrack"];
  /** Absent where nobody asks for them. */
  readonly expectations: readonly string[] | undefined;
}

/**
 * Lists what the present network namespace holds. The commands run in one shell that stays, since to start a process from
 * one as large as this takes longer than they do.
 */
export class Lister {
  private readonly shell: ChildProcess;
  private readonly input: number;
  private readonly output: number;
  private readonly buffer = Buffer.alloc(1 << 16);
  private readonly save: string;
  private readonly family: "ipv4" | "ipv6";
  private readonly expecting: boolean;

  /** `save` is the name that iptables-save has here. */
  constructor(save: string, family: "ipv4" | "ipv6", expecting: boolean) {
    this.save = save;
    this.family = family;
    this.expecting = expecting;
    const [commands, input] = makePipe();
    const [output, results] = makePipe();
    this.shell = spawn("sh", [], { stdio: [commands, results, "ignore"] });
    closeSync(commands);
    closeSync(results);
    this.input = input;
    this.output = output;
  }

  list(): Listing {
    const [rules = "", connections = "", expectations = ""] = this.ask([
      `${this.save} -c`,
      // a dump walks through all buckets of the kernel's table, which takes longer than all the rest
      ...(hasConnections() ? [`conntrack -L -f ${this.family}`] : [":"]),
      ...(this.expecting ? [`conntrack -L expect -f ${this.family}`] : []),
    ]);
    return {
      rules: rules.split("\n").filter((line) => line !== "" && !line.startsWith("#")),
      connections: entryLines(connections),
      expectations: this.expecting ? entryLines(expectations) : undefined,
    };
  }

  /** The output of each command. */
  private ask(commands: readonly string[]): readonly string[] {
    writeSync(this.input, `${commands.map((command) => `${command}; echo "${border}"`).join("; ")}\n`);
    let text = "";
    while (text.split(`${border}\n`).length <= commands.length) {
      const length = readSync(this.output, this.buffer);
      if (length === 0) throw new Error("the listing shell ended");
      text += this.buffer.toString("latin1", 0, length);
    }
    return Buffer.from(text, "latin1").toString("utf8").split(`${border}\n`);
  }

  close(): void {
    closeSync(this.input);
    closeSync(this.output);
    this.shell.unref();
  }
}

function hasConnections(): boolean {
  try {
    return readFileSync("/proc/sys/net/netfilter/nf_conntrack_count", "utf8").trim() !== "0";
  } catch {
    return true;
  }
}

/** The lines that changed, with the tables they are in. Both lists are of the same rules. */
export function changedLines(before: readonly string[], after: readonly string[]): Effects["counters"] {
  let table = "";
  return after
    .map((line) => {
      if (line.startsWith("*")) table = line.slice(1);
      return [table, line] as const;
    })
    .filter(([, line], index) => line !== before[index]);
}

/** Sorted, without `use=` and with single blanks. */
const entryLines = (text: string): string[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) =>
      line
        .replace(/ use=\d+/, "")
        .replace(/ +/g, " ")
        .trim(),
    )
    .sort();
