import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Chance } from "./random.ts";

/** A rule set to mutate, cut to a length that keeps one run short. */
const longest = 6000;

/** The texts of our own rule sets: the fixtures' and those that recordings were made with. */
export function corpus(): readonly string[] {
  const texts: string[] = [];
  for (const name of readdirSync("fixtures", { recursive: true, encoding: "utf8" })) {
    const path = join("fixtures", name);
    if (/\.(save|v4|v6|sh|rules)$/.test(name)) texts.push(readFileSync(path, "utf8"));
    if (name.startsWith("recordings") && name.endsWith(".json")) {
      const recording: unknown = JSON.parse(readFileSync(path, "utf8"));
      if (typeof recording === "object" && recording !== null && "rules" in recording) {
        texts.push(String(recording.rules));
      }
    }
  }
  return texts.map((text) => text.slice(0, longest));
}

/** Words that steer a parser into its corners. */
const hardWords: readonly string[] = [
  ...`! - -- -A -I -D -R -N -X -F -P -E -Z -C -L -S -t -j -g -m -p -s -d -i -o -f -c -w -4 -6
  *filter *nat * : :INPUT COMMIT [1:2] [ ] [18446744073709551616:0] INPUT tcp all 0.0.0.0/0 10.0.0.0/255.0.255.0 ::/0
  1.2.3.4/33 65536 4294967296 -1 0x --dport --dports 1,2,3:4, --limit 0/second --string --hex-string |0 --dport= --dport=1
  --ctstate NEW, --tcp-flags ALL --icmp-type --mark 0x1/ é \ufffd = " ' \\ \` $ $X \${X \${X} $(x) <<EOF EOF # ; && || | >
  do done if fi iptables ip6tables iptables-restore sudo X=1`.split(/\s+/),
  "for i in 1",
  "\\\n",
  "\t",
  "\u0000",
];

const randomText = (chance: Chance, length: number): string => {
  const bytes = Buffer.alloc(length);
  for (let i = 0; i < length; i++) bytes[i] = chance.below(256);
  // both readings of bytes that the command line has
  return bytes.toString(chance.below(2) === 0 ? "latin1" : "utf8");
};

const wordSalad = (chance: Chance): string =>
  Array.from(
    { length: 1 + chance.below(60) },
    () => chance.of(hardWords) + chance.of([" ", " ", " ", "\n", ""]),
  ).join("");

/** One change to a text: bytes, words or lines cut, doubled, swapped or put in. */
function mutate(text: string, chance: Chance): string {
  const at = chance.below(text.length + 1);
  const span = 1 + chance.below(chance.below(4) === 0 ? 200 : 8);
  switch (chance.below(8)) {
    case 0:
      return text.slice(0, at) + text.slice(at + span);
    case 1:
      return text.slice(0, at) + text.slice(at, at + span) + text.slice(at);
    case 2:
      return text.slice(0, at) + randomText(chance, span) + text.slice(at);
    case 3:
      return `${text.slice(0, at)} ${chance.of(hardWords)} ${text.slice(at)}`;
    case 4: {
      const words = text.split(" ");
      words[chance.below(words.length)] = chance.of(hardWords);
      return words.join(" ");
    }
    case 5: {
      const lines = text.split("\n");
      lines.splice(chance.below(lines.length), chance.below(3));
      return lines.join("\n");
    }
    case 6: {
      const lines = text.split("\n");
      lines.splice(chance.below(lines.length), 0, chance.of(lines));
      return lines.join("\n");
    }
    default: {
      const lines = text.split("\n");
      const index = chance.below(lines.length);
      lines[index] = (lines[index] ?? "").split(" ").reverse().join(" ");
      return lines.join("\n");
    }
  }
}

/** A stretch of whole lines, at most 40, so that one run stays short. */
function excerpt(text: string, chance: Chance): string {
  const lines = text.split("\n");
  if (lines.length <= 40 || chance.below(10) === 0) return text;
  const start = chance.below(lines.length - 40);
  const head = lines.slice(0, start).findLast((line) => line.startsWith("*"));
  return [...(head ? [head] : []), ...lines.slice(start, start + 40)].join("\n");
}

/** The next input: random bytes, words at random, or a mutated rule set. */
export function makeInput(chance: Chance, texts: readonly string[]): string {
  const kind = chance.below(10);
  if (kind === 0) return randomText(chance, chance.below(400));
  if (kind === 1 || texts.length === 0) return wordSalad(chance);
  let text = excerpt(chance.of(texts), chance);
  for (let changes = 1 + chance.below(6); changes > 0; changes--) text = mutate(text, chance);
  return text;
}
