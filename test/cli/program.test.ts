import { expect } from "chai";
import packageFile from "../../package.json" with { type: "json" };
import { netverdict } from "./fake-terminal.ts";

describe("netverdict", () => {
  it("prints its version", async () => {
    const { status, out } = await netverdict(["--version"]);
    expect([status, out]).to.deep.equal([0, `${packageFile.version}\n`]);
  });

  it("prints help with examples on standard output", async () => {
    const { status, out, err } = await netverdict(["--help"]);
    expect([status, err]).to.deep.equal([0, ""]);
    expect(out).to.include("trace").and.include("Examples:").and.include("Exit status:");
    for (const command of ["trace", "fmt", "verify"]) {
      const help = await netverdict([command, "--help"]);
      expect([help.status, help.err], command).to.deep.equal([0, ""]);
      expect(help.out, command).to.include(`Usage: netverdict ${command}`);
    }
  });

  for (const words of [
    [],
    ["trce"],
    ["fmt"],
    ["fmt", "--chekc", "x"],
    ["trace", "rules", "--format", "xml", "-i", "eth0"],
    ["fmt", "-4", "-6", "-"],
    ["verify"],
  ]) {
    it(`calls \`netverdict ${words.join(" ")}\` wrong use`, async () => {
      const { status, out, err } = await netverdict(words);
      expect(status).to.equal(2);
      expect(out).to.equal("");
      expect(err).not.to.equal("");
    });
  }

  it("guesses what a wrong command was meant to be", async () => {
    expect((await netverdict(["trce"])).err).to.include("trace");
  });

  it("says which file it cannot read", async () => {
    for (const words of [
      ["fmt", "/no/such/file"],
      ["trace", "/no/such/file", "-i", "eth0"],
      ["verify", "/no/such/file"],
    ]) {
      const { status, out, err } = await netverdict(words);
      expect([status, out], words.join(" ")).to.deep.equal([2, ""]);
      expect(err).to.match(/^netverdict: cannot read \/no\/such\/file/);
    }
  });
});
