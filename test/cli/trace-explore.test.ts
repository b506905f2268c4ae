import { expect } from "chai";
import { netverdict } from "./fake-terminal.ts";

const rules = `*filter
:INPUT DROP [0:0]
-A INPUT -m statistic --mode random --probability 0.25 -j ACCEPT
-A INPUT -p tcp -m statistic --mode random ! --probability 0.5 -j REJECT
-A INPUT -m statistic --mode random --probability 1 -p udp -j DROP
COMMIT
`;
const words = ["-i", "eth0", "-p", "tcp", "--dport", "22", "--syn"];
const trace = (...options: readonly string[]) =>
  netverdict(["trace", "-", ...words, ...options], { stdin: rules });

describe("netverdict trace: draws", () => {
  it("lists what may become of a packet, and what was drawn on the ways there", async () => {
    const { status, out } = await trace("--explore");
    expect(status).to.equal(0);
    expect(out.match(/^outcome .*$/gm)).to.deep.equal([
      "outcome 1 of 3: 37.5 %",
      "outcome 2 of 3: 37.5 %",
      "outcome 3 of 3: 25 %",
    ]);
    expect(out.match(/^verdict .*$/gm)).to.deep.equal([
      "verdict REJECT at INPUT: dropped, and the sender told",
      "verdict DROP at INPUT: dropped",
      "verdict ACCEPT: delivered to this host",
    ]);
    expect(out).to.match(/^ {2}when filter\/INPUT:1, .*:3 does not match \(75 %\): -A INPUT -m statistic/m);
    expect(out).to.match(/^ {3}and filter\/INPUT:2, .*:4 matches \(50 %\): /m);
    expect(out).not.to.include("is drawn");
  });

  it("puts ways that end the same together", async () => {
    const again = rules.replace("-j REJECT", "-j MARK --set-mark 1").replace("*filter", "*mangle");
    const { out } = await netverdict(["trace", "-", ...words, "--explore"], { stdin: again });
    expect(out.match(/^outcome .*$/gm)).to.deep.equal(["outcome 1 of 2: 75 %", "outcome 2 of 2: 25 %"]);
    expect(out).to.match(/^ {4}or mangle\/INPUT:1, /m);
  });

  it("says the same as JSON", async () => {
    const { out } = await trace("--explore", "--format", "json");
    const { outcomes, complete } = JSON.parse(out);
    expect(complete).to.equal(true);
    expect(outcomes).to.have.length(3);
    expect(outcomes[2]).to.nested.include({ probability: 0.25, "packets[0].trace.verdict": "ACCEPT" });
    expect(outcomes[2].ways).to.have.length(1);
    expect(outcomes[2].ways[0][0]).to.nested.include({
      packet: 0,
      probability: 0.25,
      matched: true,
      "rule.number": 1,
    });
  });

  it("draws from a seed, and says so only where none was told", async () => {
    const untold = await trace();
    expect(untold.out).to.match(/^ *(?:assumed )?.*`--mode random` is drawn/m);
    const seeds = Array.from({ length: 20 }, (_, seed) => String(seed));
    const runs = await Promise.all(seeds.map((seed) => trace("--seed", seed)));
    const verdicts = runs.map(({ out }) => /^verdict \w+/m.exec(out)?.[0]);
    expect(new Set(verdicts).size).to.equal(3);
    expect(runs.map(({ out }) => out).join()).not.to.include("is drawn");
    expect(await trace("--seed", "7")).to.deep.equal(runs[7]);
  });

  it("refuses seeds that are none, and both at once", async () => {
    expect((await trace("--seed", "x")).status).to.equal(2);
    expect((await trace("--seed", "1", "--explore")).status).to.equal(2);
  });
});
