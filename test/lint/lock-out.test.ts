import { expect } from "chai";
import { netverdict } from "../cli/fake-terminal.ts";

const script = `#!/bin/sh
iptables -F
iptables -P INPUT DROP
iptables -P OUTPUT DROP
iptables -A INPUT -p tcp --dport 22 -s 10.0.0.0/8 -j ACCEPT
iptables -A OUTPUT -m state --state ESTABLISHED -j ACCEPT
`;

interface Told {
  readonly id: string;
  readonly line: number;
  readonly message: string;
}

async function lockOutsOf(text: string, ...keep: readonly string[]): Promise<readonly Told[]> {
  const words = keep.flatMap((one) => ["--keep", one]);
  const { out, err } = await netverdict(["lint", "s.sh", "--no-config", "--format", "json", ...words], {
    files: { "s.sh": text },
  });
  expect(err).not.to.include("fault");
  return JSON.parse(out).findings.filter(({ id }: Told) => id === "NV207");
}

describe("lint --keep", () => {
  it("names the command that locks the session out, and the one that lets it in again", async () => {
    const [found, ...others] = await lockOutsOf(script, "-i eth0 -s 10.0.0.5 -p tcp --dport 22");
    expect(others).to.deep.equal([]);
    expect(found?.line).to.equal(3);
    expect(found?.message).to.include("until line 6").and.to.include("--dport 22 --syn");
  });

  it("looks at the answers as well", async () => {
    const text = script.replace("iptables -P INPUT DROP\n", "").replace(/iptables -A OUTPUT.*\n/, "");
    const [found] = await lockOutsOf(text, "-i eth0 -s 10.0.0.5 -p tcp --dport 22");
    expect(found?.line).to.equal(3);
    expect(found?.message).to.include("for good").and.to.include("the policy of filter/OUTPUT");
  });

  it("looks at forwarded sessions", async () => {
    const text = "iptables -A FORWARD -p tcp --dport 443 -j DROP\n";
    expect(await lockOutsOf(text, "-i eth0 -o eth1 -s 10.0.0.5 -p tcp --dport 443")).to.have.length(1);
    expect(await lockOutsOf(text, "-i eth0 -o eth1 -s 10.0.0.5 -p tcp --dport 22")).to.deep.equal([]);
  });

  it("holds a limit against nobody", async () => {
    const text = `${script.replace("iptables -P INPUT DROP\niptables -P OUTPUT DROP\n", "")}iptables -I INPUT -m limit --limit 1/s -j DROP\n`;
    expect(await lockOutsOf(text, "-i eth0 -s 10.0.0.5 -p tcp --dport 22")).to.deep.equal([]);
  });

  it("takes sessions of the other family for what they are, and refuses what is none", async () => {
    expect(await lockOutsOf(script, "-i eth0 -s 2001:db8::5 -p tcp --dport 22")).to.deep.equal([]);
    const [found] = await lockOutsOf(script, "--dport twenty");
    expect(found?.message).to.include("not written in match words");
  });

  it("reads sessions from the configuration", async () => {
    const { out } = await netverdict(["lint", "s.sh", "--config", "c.yaml", "--format", "gcc"], {
      files: {
        "s.sh": script,
        "c.yaml": 'version: 1\nlint: { keep: ["-i eth0 -s 10.0.0.5 -p tcp --dport 22"] }\n',
      },
    });
    expect(out).to.match(/^s\.sh:3:10: error: .*\[NV207\]$/m);
  });
});
