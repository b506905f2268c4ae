import { expect } from "chai";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";
import { printList, printRuleset } from "../../src/model/print.ts";

const script = `
iptables -N web
iptables -A INPUT -c 1 60 -p tcp --dport 80 -j web
iptables -A INPUT -c 5 6
iptables -A web -s 10.0.0.0/8 -c 2 120 -j ACCEPT
iptables -P INPUT DROP -c 3 180
`;
const { ruleset } = parseRuleset(script, { family: "ipv4" });
const filter = ruleset.tables.get("filter")!;

/** All texts as iptables-legacy 1.8.9 printed them. */
describe("printing", () => {
  it("lists a table as -S does", () => {
    expect(printList(filter, "ipv4")).to.equal(
      [
        "-P INPUT DROP",
        "-P FORWARD ACCEPT",
        "-P OUTPUT ACCEPT",
        "-N web",
        "-A INPUT -p tcp -m tcp --dport 80 -j web",
        "-A INPUT",
        "-A web -s 10.0.0.0/8 -j ACCEPT",
        "",
      ].join("\n"),
    );
  });

  it("lists one chain", () => {
    expect(printList(filter, "ipv4", { chain: "web" })).to.equal("-N web\n-A web -s 10.0.0.0/8 -j ACCEPT\n");
  });

  it("lists counters before the target with -v", () => {
    expect(printList(filter, "ipv4", { chain: "INPUT", verbose: true })).to.equal(
      "-P INPUT DROP -c 3 180\n-A INPUT -p tcp -m tcp --dport 80 -c 1 60 -j web\n-A INPUT -c 5 6\n",
    );
  });

  it("keeps the counters of rules and policies on demand", () => {
    const saved = printRuleset(ruleset, { counters: true });
    expect(saved).to.include(":INPUT DROP [3:180]\n").and.to.include(":web - [0:0]\n");
    expect(saved).to.include("[2:120] -A web -s 10.0.0.0/8 -j ACCEPT\n");
    expect(printRuleset(ruleset)).to.include(":INPUT DROP [0:0]\n").and.not.to.include("[2:120]");
  });

  it("prints the table that was loaded last first, unless told otherwise", () => {
    const two = parseRuleset("*raw\nCOMMIT\n*nat\nCOMMIT\n", { family: "ipv4" }).ruleset;
    const tables = (text: string): string[] => text.split("\n").filter((line) => line.startsWith("*"));
    expect(tables(printRuleset(two))).to.deep.equal(["*nat", "*raw"]);
    expect(tables(printRuleset(two, { fileOrder: true }))).to.deep.equal(["*raw", "*nat"]);
  });
});
