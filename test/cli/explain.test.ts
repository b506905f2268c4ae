import { expect } from "chai";
import { netverdict } from "./fake-terminal.ts";

describe("netverdict explain", () => {
  it("says what a rule asks and does", async () => {
    const { status, out, err } = await netverdict([
      "explain",
      "-A FORWARD ! -s 10.0.0.0/8 -p tcp --dport 22 -m limit --limit 3/min -j REJECT --reject-with tcp-reset",
    ]);
    expect([status, err]).to.deep.equal([0, ""]);
    expect(out).to.include("iptables, table filter, chain FORWARD\n");
    expect(out).to.include("  - its source is not in 10.0.0.0/8\n  - its protocol is tcp\n");
    expect(out).to.include("      --limit 3/min  packets per time\n");
    expect(out).to.include("      --reject-with tcp-reset  what the sender is told\n");
  });

  it("finds the place for a rule that names none, or that says its table", async () => {
    expect((await netverdict(["explain", "-j MASQUERADE"])).out).to.include("table nat, chain POSTROUTING");
    expect((await netverdict(["explain", "-p tcp", "--table", "raw"])).out).to.include("table raw,");
    expect((await netverdict(["explain", "iptables -t nat -A own -j RETURN"])).out).to.include("chain own");
    expect((await netverdict(["explain", "-s 2001:db8::/32 -j DROP"])).out).to.include("ip6tables,");
  });

  it("names extensions that it does not know", async () => {
    const { status, out, err } = await netverdict(["explain", "-m geoip --src-cc DE -j TARPIT"]);
    expect(status).to.equal(0);
    expect(out).to.match(/-m geoip --src-cc DE: netverdict does not know it/);
    expect(err).to.include("unknown-match").and.to.include("unknown-target");
  });

  it("says why iptables would refuse the rule", async () => {
    const { status, out, err } = await netverdict(["explain", "-A INPUT -j SNAT --to-source 10.0.0.1"]);
    expect([status, out]).to.deep.equal([1, ""]);
    expect(err).to.include("only valid in the nat table");
    expect((await netverdict(["explain", "-L"])).err).to.include("no rule to explain");
  });

  it("prints JSON", async () => {
    const { out } = await netverdict(["explain", "-j LOG --log-prefix x", "--format", "json"]);
    const { version, rules } = JSON.parse(out);
    expect(version).to.equal(1);
    expect(rules[0].action.options).to.deep.equal([
      { name: "log-prefix", value: "x", inverted: false, help: "text before the line" },
    ]);
  });
});

describe("netverdict extensions", () => {
  it("lists all", async () => {
    const { out } = await netverdict(["extensions"]);
    expect(out)
      .to.match(/^-m addrtype /)
      .and.to.match(/^-j ULOG /m);
  });

  it("tells all about one name", async () => {
    const { out } = await netverdict(["extensions", "ECN"]);
    expect(out).to.include("  table: mangle\n").and.to.include("--ecn-tcp-remove");
    const both = JSON.parse((await netverdict(["extensions", "--format", "json", "NOTRACK"])).out);
    expect(both.extensions.map(({ kind }: { kind: string }) => kind)).to.deep.equal(["target"]);
  });

  it("suggests a name", async () => {
    const { status, err } = await netverdict(["extensions", "connmarc"]);
    expect(status).to.equal(2);
    expect(err).to.include("did you mean `connmark`?");
  });
});
