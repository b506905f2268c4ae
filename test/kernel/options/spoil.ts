import type { Dice } from "../generate/dice.ts";

const odd = [
  "",
  "0",
  "-1",
  "1",
  "65535",
  "65536",
  "4294967295",
  "4294967296",
  "0x10",
  "010",
  "x",
  "1:2",
  "2:1",
  ":",
  "1,2",
  ",",
  "1/2",
  "a b",
  "é",
];

/** Neighbours of one word: numbers beside it, cut off, with something behind it, in the other case. */
function neighbour(dice: Dice, word: string): string {
  const change = dice.of<() => string>([
    () => word.replace(/\d+/, (digits) => String(BigInt(digits) + 1n)),
    () => word.replace(/\d+/, (digits) => String(BigInt(digits) * 1000n)),
    () => word.replace(/\d+(?=\D*$)/, () => dice.of(["0", "32", "33", "128", "129", "256", "65536"])),
    () => word.slice(0, -1),
    () => word.slice(1),
    () => `${word}${dice.of(["x", ",", ":", "/", "-", "/0", ",1", ":1", " ", "."])}`,
    () => `${dice.of([":", ",", "+", "0", "0x", " ", "!"])}${word}`,
    () => word.toUpperCase(),
    () => word.toLowerCase(),
    () => [word, word].join(dice.of([",", ":", "/", "-"])),
    () => dice.of(odd),
  ]);
  return change();
}

type Change = (dice: Dice, words: readonly string[]) => readonly string[];

const isOption = (word: string): boolean => word.startsWith("--");

const indexOf = (
  dice: Dice,
  words: readonly string[],
  which: (word: string, index: number) => boolean,
): number => {
  const found = words.flatMap((word, index) => (which(word, index) ? [index] : []));
  return found.length > 0 ? dice.of(found) : -1;
};

const replaced = (words: readonly string[], at: number, by: readonly string[]): readonly string[] =>
  at < 0 ? words : [...words.slice(0, at), ...by, ...words.slice(at + 1)];

/** The extension's name has changes of its own. */
const isFree = (words: readonly string[], at: number): boolean =>
  !["-m", "-j"].includes(words[at] ?? "") && !["-m", "-j"].includes(words[at - 1] ?? "");

const changeValue: Change = (dice, words) => {
  const at = indexOf(dice, words, (word, index) => /^[^-!]|^-.*\d|^$/.test(word) && isFree(words, index));
  return replaced(words, at, [neighbour(dice, words[at] ?? "")]);
};

const misspell: Change = (dice, words) => {
  const at = indexOf(dice, words, (_, index) => ["-m", "-j"].includes(words[index - 1] ?? ""));
  const word = words[at] ?? "";
  const changed = dice.of([
    word.toUpperCase(),
    word.toLowerCase(),
    word.slice(0, -1),
    `${word}x`,
    `x${word}`,
  ]);
  return replaced(words, at, [changed]);
};

const dropWord: Change = (dice, words) => {
  const at = indexOf(dice, words, (_, index) => isFree(words, index));
  return replaced(words, at, []);
};

const doubleOption: Change = (dice, words) => {
  const at = indexOf(dice, words, isOption);
  const next = words[at + 1];
  const value = next === undefined || next.startsWith("-") || next === "!" ? [] : [next];
  return at < 0 ? words : [...words, words[at]!, ...value];
};

const negate: Change = (dice, words) => {
  const at = indexOf(dice, words, isOption);
  return replaced(words, at, ["!", words[at] ?? ""]);
};

const abbreviate: Change = (dice, words) => {
  const at = indexOf(dice, words, isOption);
  const word = words[at] ?? "";
  return replaced(words, at, [word.slice(0, dice.between(3, Math.max(3, word.length)))]);
};

const join: Change = (dice, words) => {
  const at = indexOf(dice, words, isOption);
  const next = words[at + 1];
  if (at < 0 || next === undefined) return words;
  return [...words.slice(0, at), `${words[at]}=${next}`, ...words.slice(at + 2)];
};

const changes: readonly (readonly [weight: number, change: Change])[] = [
  [6, changeValue],
  [1, dropWord],
  [1, doubleOption],
  [1, negate],
  [0.8, abbreviate],
  [0.4, join],
  [0.3, misspell],
];

/** The line as it is or, as often, with one or two things wrong or odd about it. */
export function spoil(dice: Dice, words: readonly string[]): readonly string[] {
  const count = dice.weighed([
    [5, 0],
    [5, 1],
    [1, 2],
  ] as const);
  let spoiled = words;
  for (let left = count; left > 0; left--) spoiled = dice.weighed(changes)(dice, spoiled);
  return spoiled;
}
