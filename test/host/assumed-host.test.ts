import { expect } from "chai";
import { type AssumedPath, assumedHost, unknownDevice } from "../../src/host/assumed-host.ts";
import type { Host, Route } from "../../src/host/host.ts";
import { type Address, parseAddress, printAddress } from "../../src/packet/address.ts";

const address = (text: string): Address => {
  const value = parseAddress(text);
  if (value === undefined) throw new Error(text);
  return value;
};

function path(inDevice: string | undefined, outDevice: string | undefined, source: string, to: string) {
  return { inDevice, outDevice, source: address(source), destination: address(to) } satisfies AssumedPath;
}

function routed(host: Host, inDevice: string | undefined, to: string): string {
  const route: Route = host.route({ source: undefined, destination: address(to), tos: 0, mark: 0, inDevice });
  return "device" in route ? `${route.kind} ${route.device}` : route.kind;
}

describe("assumedHost", () => {
  const server = () => assumedHost([path("eth0", undefined, "198.51.100.7", "192.0.2.1")]);
  const router = () => assumedHost([path("eth0", "eth1", "198.51.100.7", "10.0.0.9")]);
  const client = () => assumedHost([path(undefined, "eth0", "192.0.2.1", "198.51.100.7")]);

  it("takes -i alone as a packet to the host, whose answers go back", () => {
    const host = server();
    expect(routed(host, "eth0", "192.0.2.1")).to.equal("local eth0");
    expect(routed(host, undefined, "198.51.100.7")).to.equal("unicast eth0");
    expect(routed(host, undefined, "192.0.2.1")).to.equal("local lo");
    expect(host.addressType(address("192.0.2.1"), undefined)).to.equal("LOCAL");
    expect(host.assumptions).to.include("192.0.2.1 is an address of the host, for -i is given and no -o");
  });

  it("forwards what NAT sends elsewhere to an interface that nobody named, and says so", () => {
    const host = server();
    expect(host.assumptions.join()).not.to.include(unknownDevice);
    expect(routed(host, "eth0", "10.0.0.9")).to.equal(`unicast ${unknownDevice}`);
    expect(host.assumptions.join()).to.include(unknownDevice);
    expect(routed(host, unknownDevice, "198.51.100.7")).to.equal("unicast eth0");
  });

  it("takes -i and -o as a packet through the host, there and back", () => {
    const host = router();
    expect(routed(host, "eth0", "10.0.0.9")).to.equal("unicast eth1");
    expect(routed(host, "eth0", "10.0.0.77")).to.equal("unicast eth1");
    expect(routed(host, "eth1", "198.51.100.7")).to.equal("unicast eth0");
    expect(routed(host, undefined, "198.51.100.7")).to.equal("unicast eth0");
    expect(routed(host, "eth0", "255.255.255.255")).to.equal("broadcast eth0");
  });

  it("tells two ways out of one interface apart by the destination", () => {
    const host = assumedHost([
      path("eth0", "eth1", "198.51.100.7", "10.0.0.9"),
      path("eth0", "eth2", "198.51.100.7", "172.16.0.9"),
    ]);
    expect(routed(host, "eth0", "10.0.0.9")).to.equal("unicast eth1");
    expect(routed(host, "eth0", "172.16.0.9")).to.equal("unicast eth2");
  });

  it("takes -o alone as a packet of the host's own", () => {
    const host = client();
    expect(routed(host, undefined, "198.51.100.7")).to.equal("unicast eth0");
    expect(routed(host, "eth0", "192.0.2.1")).to.equal("local eth0");
    expect(routed(host, undefined, "127.0.0.1")).to.equal("local lo");
  });

  it("makes an address up for MASQUERADE where none is known, and says so", () => {
    const host = router();
    const source = host.selectSource("eth1", address("10.0.0.9"));
    const text = source === undefined ? "" : printAddress(source);
    expect(text).to.match(/^203\.0\.113\./);
    expect(host.assumptions).to.include(`the address of eth1 is not known: ${text} is made up for it`);
    expect(routed(host, "eth1", text)).to.equal("local eth1");
    expect(client().selectSource("eth0", address("198.51.100.7"))).to.equal(address("192.0.2.1"));
  });

  it("never makes up an address that a packet has", () => {
    const host = assumedHost([path("eth0", "eth1", "203.0.113.1", "203.0.113.2")]);
    const sources = ["eth0", "eth1"].map((device) => host.selectSource(device, address("203.0.113.1")));
    expect(sources).to.deep.equal([address("203.0.113.3"), address("203.0.113.4")]);
  });

  it("does the same for IPv6", () => {
    const host = assumedHost([path("eth0", undefined, "2001:db8::7", "2001:db8::1")]);
    expect(routed(host, "eth0", "2001:db8::1")).to.equal("local eth0");
    expect(routed(host, "eth0", "2001:db8::2")).to.equal(`unicast ${unknownDevice}`);
    expect(routed(host, undefined, "2001:db8::7")).to.equal("unicast eth0");
  });

  it("answers for a host that no packet describes", () => {
    const host = assumedHost([]);
    expect(routed(host, "eth0", "192.0.2.1")).to.equal("local eth0");
    expect(routed(host, undefined, "192.0.2.1")).to.equal("unreachable");
  });
});
