import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { readIpAddrText } from "../../src/host/ip-addr-text.ts";
import { hostFromIpJson } from "../../src/host/ip-json.ts";

const interfacesOf = (addresses: unknown) =>
  hostFromIpJson({ addresses, routes: [], neighbours: [], sysctl: {} }).interfaces;

describe("readIpAddrText", () => {
  for (const folder of readdirSync("fixtures/host")) {
    it(`reads ${folder}/ip-addr.txt as ip-addr.json`, () => {
      const read = (file: string): string => readFileSync(`fixtures/host/${folder}/${file}`, "utf8");
      const fromText = interfacesOf(readIpAddrText(read("ip-addr.txt")));
      expect(fromText).to.deep.equal(interfacesOf(JSON.parse(read("ip-addr.json"))));
    });
  }

  it("reads masked hardware addresses, point-to-point links and lines that it does not know", () => {
    const text = `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 16436 qdisc noqueue state UNKNOWN
    link/loopback XX:XX:XX:XX:XX:XX brd XX:XX:XX:XX:XX:XX
    inet 127.0.0.1/8 scope host lo
4: eth1.96@eth1: <BROADCAST,MULTICAST,UP> mtu 1500 qdisc noqueue state UP
    link/ether XX:XX:XX:XX:XX:XX brd XX:XX:XX:XX:XX:XX
    inet 192.0.2.126/25 scope global secondary eth1.96
       valid_lft forever preferred_lft forever
9: ppp0: <POINTOPOINT,UP> mtu 1492
    link/ppp
    inet 203.0.113.9 peer 203.0.113.1/32 scope global ppp0`;
    const interfaces = interfacesOf(readIpAddrText(text));
    expect([...interfaces.keys()]).to.deep.equal(["lo", "eth1.96", "ppp0"]);
    expect(interfaces.get("eth1.96")?.addresses[0]).to.include({ prefixLength: 25, secondary: true });
    expect(interfaces.get("ppp0")).to.include({ mac: undefined, mtu: 1492 });
    expect(interfaces.get("ppp0")?.addresses[0]).to.include({ prefixLength: 32 });
    expect(readIpAddrText("nonsense\n    inet 10.0.0.1/8")).to.deep.equal([]);
  });
});
