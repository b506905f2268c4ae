import { expect } from "chai";
import { readSnapshot } from "../../src/cli/snapshot.ts";
import { netverdict } from "./fake-terminal.ts";

/** Reads a folder of these files. */
const snapshotOf = (files: Readonly<Record<string, string>>) =>
  readSnapshot("host", {
    list: (folder) => (folder === "host" ? Object.keys(files) : undefined),
    read: async (path) => Buffer.from(files[path.replace("host/", "")] ?? ""),
  });

const addresses =
  "2: eth0: <BROADCAST,UP> mtu 1400 qdisc noop\n    inet 192.0.2.1/24 brd 192.0.2.255 scope global eth0\n";

describe("readSnapshot", () => {
  it("reads `ip addr` as it prints for people where there is no JSON", async () => {
    const { addresses: found, assumptions } = await snapshotOf({ "ip-addr.txt": addresses });
    const address = {
      family: "inet",
      local: "192.0.2.1",
      prefixlen: 24,
      broadcast: "192.0.2.255",
      scope: "global",
    };
    const head = { ifindex: 2, ifname: "eth0", flags: ["BROADCAST", "UP"], mtu: 1400 };
    expect(found).to.deep.equal([{ ...head, addr_info: [address] }]);
    expect(assumptions.filter((one) => one.includes("ip-addr"))).to.deep.equal([]);
  });

  it("prefers the JSON", async () => {
    const { addresses: found } = await snapshotOf({ "ip-addr.txt": addresses, "ip-addr.json": "[]" });
    expect(found).to.deep.equal([]);
  });

  it("says where neither is there", async () => {
    const { addresses: found, assumptions } = await snapshotOf({});
    expect(found).to.equal(undefined);
    expect(assumptions[0]).to.match(/no ip-addr\.json/);
  });

  it("reads sysctls and passes over the errors among them", async () => {
    const text = "sysctl: permission denied on key\nnet.ipv4.ip_forward = 1\n";
    expect((await snapshotOf({ "sysctl.txt": text })).sysctl).to.deep.equal({ "net.ipv4.ip_forward": "1" });
  });
});

describe("a snapshot's connections", () => {
  const rules = `*filter
:FORWARD DROP [0:0]
-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT
COMMIT
`;
  const connection =
    "udp 17 20 src=10.0.0.9 dst=8.8.8.8 sport=5353 dport=53 src=8.8.8.8 dst=10.0.0.9 sport=53 dport=5353 mark=0 use=1";
  const answer = "-i eth0 -o eth1 -p udp -s 8.8.8.8 --sport 53 -d 10.0.0.9 --dport 5353";
  const interfaces = [
    {
      ifname: "eth0",
      ifindex: 2,
      flags: ["UP"],
      addr_info: [{ family: "inet", local: "8.8.8.1", prefixlen: 24 }],
    },
    {
      ifname: "eth1",
      ifindex: 3,
      flags: ["UP"],
      addr_info: [{ family: "inet", local: "10.0.0.1", prefixlen: 24 }],
    },
  ];
  const files = {
    "fw.save": rules,
    "host/ip-addr.json": JSON.stringify(interfaces),
    "host/ip-neigh.json": JSON.stringify([{ dst: "10.0.0.9", dev: "eth1", lladdr: "02:00:00:00:00:09" }]),
    "host/sysctl.txt": "net.ipv4.ip_forward = 1\n",
    "host/conntrack.txt": `${connection}\nnonsense\n`,
  };
  const told = { files };

  it("decide what a packet belongs to; lines that are none are told", async () => {
    const { out, err } = await netverdict(
      ["trace", "fw.save", "--snapshot", "host", ...answer.split(" ")],
      told,
    );
    expect(out).to.match(/ESTABLISHED/);
    expect(out).to.match(/verdict ACCEPT/);
    expect(err).to.match(/conntrack\.txt:2:1: error\[connection-unread\]/);
  });

  it("are there for a policy's packets and for coverage as well", async () => {
    const policy = `version: 1
rules: fw.save
snapshot: host
checks:
  - name: the answer comes back
    packet: "${answer}"
    expect: { verdict: ACCEPT }
`;
    const world = { files: { ...files, "policy.yaml": policy } };
    expect((await netverdict(["check", "policy.yaml"], world)).status).to.equal(0);
    const { out } = await netverdict(["coverage", "fw.save", "policy.yaml"], world);
    expect(out).to.match(/1 of 1/);
  });
});

describe("a snapshot's ipsets", () => {
  const rules = `*filter
:INPUT ACCEPT [0:0]
-A INPUT -m set --match-set bad src -j DROP
-A INPUT -m set --match-set gone src -j DROP
COMMIT
`;
  const words = ["-i", "eth0", "-p", "udp", "-s", "198.51.100.7", "-d", "192.0.2.1"];
  const trace = (...options: readonly string[]) =>
    netverdict(["trace", ...options, "fw.save", ...words], {
      files: {
        "fw.save": rules,
      },
    });

  it("decide what rules match; wrong lines and sets that are not there are told", async () => {
    const { out, err } = await trace("--snapshot", "fixtures/ipset/snapshot");
    expect(out).to.match(/DROP/);
    expect(err).to.match(/ipset-save\.txt:3:1: error\[ipset-refuses\]/);
    expect(err).to.match(/Set gone doesn't exist/);
  });

  it("are assumed to hold nothing where they are not told", async () => {
    const { out, err } = await trace();
    expect(err).to.equal("");
    expect(out).to.match(/what is in the set `bad` is not known/);
  });
});
