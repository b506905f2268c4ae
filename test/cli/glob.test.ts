import { expect } from "chai";
import { expandGlob, isGlob } from "../../src/cli/glob.ts";
import type { Terminal } from "../../src/cli/terminal.ts";

/** A terminal that sees only these files. */
function terminalWith(files: readonly string[]): Terminal {
  const list = (folder: string): readonly string[] | undefined => {
    const start = folder === "." ? "" : `${folder.replace(/\/$/, "")}/`;
    const names = files.filter((file) => file.startsWith(start)).map((file) => file.slice(start.length));
    return names.length === 0
      ? undefined
      : [...new Set(names.map((name) => name.split("/")[0] ?? ""))].sort();
  };
  const unused = (): never => {
    throw new Error("not part of this test");
  };
  return {
    out: unused,
    err: unused,
    read: unused,
    write: unused,
    stream: unused,
    size: unused,
    spareMemory: unused,
    create: unused,
    makeFolder: unused,
    directory: "/",
    list,
    now: () => 0,
    environment: {},
    outIsTerminal: false,
    errIsTerminal: false,
  };
}

const terminal = terminalWith([
  "a.v4",
  "b.v4",
  "b.v6",
  ".hidden.v4",
  "hosts/x/rules.v4",
  "hosts/y/rules.v4",
  "hosts/y/deep/rules.v4",
]);

describe("expandGlob", () => {
  const cases: readonly [string, readonly string[]][] = [
    ["*.v4", ["a.v4", "b.v4"]],
    ["?.v6", ["b.v6"]],
    [".*.v4", [".hidden.v4"]],
    ["hosts/*/rules.v4", ["hosts/x/rules.v4", "hosts/y/rules.v4"]],
    ["hosts/*/*", ["hosts/x/rules.v4", "hosts/y/rules.v4"]],
    ["**/rules.v4", ["hosts/x/rules.v4", "hosts/y/deep/rules.v4", "hosts/y/rules.v4"]],
    ["*.v5", []],
  ];
  for (const [pattern, found] of cases) {
    it(pattern, () => {
      expect(expandGlob(pattern, terminal)).to.deep.equal(found);
    });
  }

  it("is told by its wildcards", () => {
    expect(isGlob("a*b")).to.equal(true);
    expect(isGlob("a.b")).to.equal(false);
  });
});
