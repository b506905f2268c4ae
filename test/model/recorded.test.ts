import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { lineTableOf } from "../../src/diagnostics/line-table.ts";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";
import { printRuleset } from "../../src/model/print.ts";
import type { RecordedCase, RecordedFile } from "./recorded/recording.ts";

const folder = new URL("recorded/", import.meta.url);

/** iptables-legacy's words for each refused line, from our diagnostics. */
function refusals(
  text: string,
  diagnostics: ReturnType<typeof parseRuleset>["diagnostics"],
): Map<number, string> {
  const table = lineTableOf({ text });
  const found = new Map<number, string>();
  for (const { severity, message, notes, span } of diagnostics) {
    if (severity !== "error") continue;
    const told = notes.find((note) => note.startsWith("iptables: "))?.slice("iptables: ".length);
    found.set(table.lineOf(span.start) - 1, told ?? message);
  }
  return found;
}

function checkScript({ lines, refused, saved, differs }: RecordedCase, { family }: RecordedFile): void {
  const program = family === "ipv4" ? "iptables" : "ip6tables";
  const text = lines.map((line) => `${program} ${line}\n`).join("");
  const { ruleset, diagnostics } = parseRuleset(text, { family });
  if (!differs) {
    const told = Object.fromEntries(refusals(text, diagnostics));
    expect(told).to.deep.equal(refused);
  }
  expect(printRuleset(ruleset, { counters: true }).split("\n").slice(0, -1)).to.deep.equal(saved);
}

function checkRestore({ lines, refused, saved, differs }: RecordedCase, { family }: RecordedFile): void {
  const text = lines.map((line) => `${line}\n`).join("");
  const { ruleset, diagnostics } = parseRuleset(text, { family });
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const message = refused?.["-1"];
  if (message === undefined) {
    expect(errors.map((error) => error.message)).to.deep.equal([]);
    expect(printRuleset(ruleset, { counters: true }).split("\n").slice(0, -1)).to.deep.equal(saved);
  } else {
    expect(errors.length).to.be.greaterThan(0);
    // a restore whose commit fails only names a line
    if (!differs && !/^line \d+ failed$/.test(message)) expect(errors[0]?.message).to.equal(message);
  }
}

for (const name of readdirSync(folder).filter((file) => file.endsWith(".json"))) {
  describe(`iptables-legacy, recorded: ${name}`, () => {
    const file: RecordedFile = JSON.parse(readFileSync(new URL(name, folder), "utf8"));
    const check = file.form === "script" ? checkScript : checkRestore;
    for (const one of file.cases) {
      it(one.name, () => check(one, file));
    }
  });
}
