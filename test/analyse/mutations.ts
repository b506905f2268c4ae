/** One change of one rule, or of one policy. */
export interface Mutation {
  /** For a test's name: `web-server line 7: drop a rule`. */
  readonly name: string;
  readonly text: string;
}

/** A generator of numbers in [0, 1) that always gives the same ones for a seed (Mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
}

type Change = readonly [
  name: string,
  change: (lines: readonly string[], at: number) => readonly string[] | undefined,
];

const replaceLine = (lines: readonly string[], at: number, line: string): readonly string[] | undefined =>
  line === lines[at] ? undefined : lines.with(at, line);

const rewrite =
  (pattern: RegExp, by: (...found: string[]) => string) =>
  (lines: readonly string[], at: number): readonly string[] | undefined =>
    replaceLine(lines, at, (lines[at] ?? "").replace(pattern, by));

const isRule = (line: string | undefined): boolean => line?.startsWith("-A ") === true;
const chainOf = (line: string | undefined): string | undefined => line?.split(" ")[1];

const otherVerdict: Readonly<Record<string, string>> = { ACCEPT: "DROP", DROP: "ACCEPT", RETURN: "DROP" };

const changes: readonly Change[] = [
  ["drop a rule", (lines, at) => (isRule(lines[at]) ? lines.toSpliced(at, 1) : undefined)],
  [
    "swap two neighbours",
    (lines, at) => {
      const [one, two] = [lines[at], lines[at + 1]];
      if (!isRule(one) || !isRule(two) || chainOf(one) !== chainOf(two) || one === two) return undefined;
      return lines.with(at, two ?? "").with(at + 1, one ?? "");
    },
  ],
  ["double a rule", (lines, at) => (isRule(lines[at]) ? lines.toSpliced(at, 0, lines[at] ?? "") : undefined)],
  [
    "change a port",
    rewrite(/(--[sd]ports? )(\d+)/, (_, option = "", port = "") => `${option}${Number(port) + 1}`),
  ],
  [
    "change an address",
    rewrite(/(-[sd] \d+\.\d+\.)(\d+)/, (_, start = "", third = "") => `${start}${(Number(third) + 1) % 256}`),
  ],
  [
    "change a verdict",
    rewrite(/-j (ACCEPT|DROP|RETURN)$/, (_, verdict = "") => `-j ${otherVerdict[verdict]}`),
  ],
  ["accept what was rejected", rewrite(/-j REJECT.*$/, () => "-j ACCEPT")],
  [
    "negate a condition",
    rewrite(
      /(^| )(! )?(-[sdio] \S+)/,
      (_, blank = "", bang = "", condition = "") => `${blank}${bang === "" ? "! " : ""}${condition}`,
    ),
  ],
  [
    "move a NAT",
    rewrite(
      /(--to-(?:destination|source) \d+\.\d+\.\d+\.)(\d+)/,
      (_, start = "", last = "") => `${start}${(Number(last) + 1) % 255}`,
    ),
  ],
  [
    "change a mark",
    rewrite(/(--set-xmark 0x)([0-9a-f]+)/, (_, option = "", mark = "") => `${option}${mark}1`),
  ],
  [
    "flip a policy",
    rewrite(/^(:\S+) (ACCEPT|DROP)/, (_, chain = "", policy = "") => `${chain} ${otherVerdict[policy]}`),
  ],
];

/** Changes of single lines of an iptables-save text, `count` of all that there are, drawn by the seed. */
export function mutationsOf(name: string, text: string, count: number, seed: number): readonly Mutation[] {
  const lines = text.split("\n");
  // of each only how it is made: all the texts of a rule set of some thousand lines would fill the memory
  const all: { readonly name: string; readonly make: () => readonly string[] | undefined }[] = [];
  for (let at = 0; at < lines.length; at++) {
    for (const [what, change] of changes) {
      const make = () => change(lines, at);
      if (make()) all.push({ name: `${name} line ${at + 1}: ${what}`, make });
    }
  }
  const random = seeded(seed);
  const drawn: Mutation[] = [];
  while (drawn.length < count && all.length > 0) {
    for (const one of all.splice(Math.floor(random() * all.length), 1))
      drawn.push({ name: one.name, text: one.make()?.join("\n") ?? text });
  }
  return drawn;
}
