import { readFileSync } from "node:fs";
import { expect } from "chai";
import { netverdict } from "./fake-terminal.ts";

const gateway = "fixtures/rulesets/home-gateway/rules.v4";
const canonical =
  "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A INPUT -i lo -j ACCEPT\nCOMMIT\n";
const counted = canonical
  .replace("INPUT ACCEPT [0:0]", "INPUT ACCEPT [7:400]")
  .replace("-A INPUT", "[3:120] -A INPUT");

describe("netverdict fmt", () => {
  it("prints what iptables-save prints, the newest table first", async () => {
    const { status, out, err } = await netverdict(["fmt", gateway]);
    expect([status, err]).to.deep.equal([0, ""]);
    expect(out.split("\n").filter((line) => line.startsWith("*"))).to.deep.equal(["*nat", "*filter"]);
    expect(out).to.include("-A INPUT -p icmp -m icmp --icmp-type 8 -m limit --limit 5/sec -j ACCEPT\n");
  });

  it("keeps the file's order of tables when asked", async () => {
    const { out } = await netverdict(["fmt", "--order", "file", gateway]);
    const text = readFileSync(gateway, "utf8");
    expect(out).to.equal(text.replace(/^#.*\n/gm, ""));
  });

  it("prints what iptables-nft-save prints with --backend nft", async () => {
    const stdin = "iptables -A INPUT -p tcp ! --dport 0:1023\n";
    expect((await netverdict(["fmt", "-"], { stdin })).out).to.include("-m tcp ! --dport 0:1023\n");
    expect((await netverdict(["fmt", "--backend", "nft", "-"], { stdin })).out).to.include(
      "-m tcp --dport 1024:65535\n",
    );
  });

  it("reads scripts, standard input and options behind the file", async () => {
    const stdin = "iptables -A INPUT --in-interface lo -j ACCEPT\n";
    const { status, out } = await netverdict(["fmt", "-", "--order=file"], { stdin });
    expect([status, out]).to.deep.equal([0, canonical]);
  });

  it("leaves counters out unless asked", async () => {
    expect((await netverdict(["fmt", "-"], { stdin: counted })).out).to.equal(canonical);
    expect((await netverdict(["fmt", "--counters", "-"], { stdin: counted })).out).to.equal(
      counted.replace(/^(?=-A)/gm, "[0:0] "),
    );
  });

  it("accepts canonical text with --check, whatever its counters and its order of tables", async () => {
    for (const stdin of [canonical, counted, `# a comment\n${canonical}`]) {
      expect(await netverdict(["fmt", "--check", "-"], { stdin })).to.deep.equal({
        status: 0,
        out: "",
        err: "",
      });
    }
    expect((await netverdict(["fmt", "--check", gateway])).status).to.equal(0);
  });

  it("shows with --check what is not canonical, and exits 1", async () => {
    const stdin = canonical.replace("-i lo", "--in-interface lo");
    const { status, out, err } = await netverdict(["fmt", "--check", "-"], { stdin });
    expect([status, out]).to.deep.equal([1, ""]);
    expect(err).to.equal(
      "stdin is not canonical:\n5: - -A INPUT --in-interface lo -j ACCEPT\n5: + -A INPUT -i lo -j ACCEPT\n",
    );
  });

  it("reports each refused rule, prints the others and exits 1", async () => {
    const stdin = canonical.replace("COMMIT", "-A INPUT --dport 22 -j ACCEPT\n-A NOWHERE -j DROP\nCOMMIT");
    const { status, out, err } = await netverdict(["fmt", "-"], { stdin });
    expect([status, out]).to.deep.equal([1, canonical]);
    expect(err).to.match(/^stdin:6:\d+: error\[unknown-option\]/m);
    expect(err).to.match(/^stdin:7:\d+: error\[no-such-chain\]/m);
  });

  it("keeps bytes that are no UTF-8", async () => {
    const stdin = Buffer.from(canonical.replace("-i lo", '-i lo -m comment --comment "caf\xe9"'), "latin1");
    const { out } = await netverdict(["fmt", "--order", "file", "-"], { stdin });
    expect(out).to.equal(stdin.toString("latin1").replace('"caf\xe9"', '"caf\xe9"'));
  });

  it("calls a file without any rule unreadable input", async () => {
    const { status, err } = await netverdict(["fmt", "-"], { stdin: "%%% garbage (\n" });
    expect(status).to.equal(2);
    expect(err).to.include("neither an iptables-save dump nor a script");
  });
});
