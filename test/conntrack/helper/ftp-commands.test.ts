import { expect } from "chai";
import { readFtp } from "../../../src/conntrack/helper/ftp-commands.ts";
import { type Family, printAddress } from "../../../src/packet/address.ts";

type Case = readonly [data: string, direction: "original" | "reply", family: Family, found: string];

/** What was found, with the text that stands for it. */
function found(data: string, direction: "original" | "reply", family: Family): string {
  const reading = readFtp(data, direction, family);
  if (reading.kind !== "address") return reading.kind === "partial" ? `partial ${reading.form}` : "other";
  const { form, offset, length, address, port } = reading;
  const host = address === undefined ? "" : printAddress(address);
  return `${form} ${host} ${port} in ${data.slice(offset, offset + length)}`;
}

const cases: readonly Case[] = [
  ["PORT 10,0,0,5,4,210\r\n", "original", "ipv4", "PORT 10.0.0.5 1234 in 10,0,0,5,4,210"],
  ["port 10,0,0,5,4,210\r\n", "original", "ipv4", "PORT 10.0.0.5 1234 in 10,0,0,5,4,210"],
  // numbers are joined as they are, too large ones spill over
  ["PORT 0,256,0,5,300,0\r\n", "original", "ipv4", "PORT 1.0.0.5 11264 in 0,256,0,5,300,0"],
  ["PORT ,,,,,\r\n", "original", "ipv4", "PORT 0.0.0.0 0 in ,,,,,"],
  ["PORT 10,0,0,5,4,210\n", "original", "ipv4", "partial PORT"],
  ["PORT 10,0,0,5,4,210", "original", "ipv4", "partial PORT"],
  ["PORT", "original", "ipv4", "partial PORT"],
  ["po", "original", "ipv4", "partial PORT"],
  ["PORTHOLE\r\n", "original", "ipv4", "partial PORT"],
  ["227 ok (1,2,3,4,5,6)", "original", "ipv4", "other"],
  ["PASV\r\n", "original", "ipv4", "other"],
  ["", "original", "ipv4", "other"],
  ["EPRT |1|10.0.0.5|1234|\r\n", "original", "ipv4", "EPRT 10.0.0.5 1234 in |1|10.0.0.5|1234|"],
  ["EPRT !1!10.0.0.5!1234!", "original", "ipv4", "EPRT 10.0.0.5 1234 in !1!10.0.0.5!1234!"],
  ["EPRT |1|10.0.0.5|70000|\r\n", "original", "ipv4", "EPRT 10.0.0.5 4464 in |1|10.0.0.5|70000|"],
  ["EPRT |1|10.0.0.5|0|\r\n", "original", "ipv4", "partial EPRT"],
  ["EPRT 717 10.0.0.5 7 1234 7\r\n", "original", "ipv4", "partial EPRT"],
  ["EPRT |2|2001:db8::5|1234|\r\n", "original", "ipv4", "partial EPRT"],
  ["EPRT |2|2001:db8::5|1234|\r\n", "original", "ipv6", "EPRT 2001:db8::5 1234 in |2|2001:db8::5|1234|"],
  ["EPRT |2|nowhere|1234|\r\n", "original", "ipv6", "partial EPRT"],
  ["227 Passive (10,0,0,5,4,210).\r\n", "reply", "ipv4", "PASV 10.0.0.5 1234 in 10,0,0,5,4,210"],
  ["227 Passive =10,0,0,5,4,210\r\n", "reply", "ipv4", "PASV 10.0.0.5 1234 in 10,0,0,5,4,210"],
  ["227 Passive\r\n", "reply", "ipv4", "partial PASV"],
  ["227-one of several lines\r\n", "reply", "ipv4", "other"],
  ["229 Extended (|||1234|)\r\n", "reply", "ipv4", "EPSV  1234 in |||1234|"],
  ["229 Extended |||1234|\r\n", "reply", "ipv6", "partial EPSV"],
  ["229 Extended (||1234|)\r\n", "reply", "ipv6", "partial EPSV"],
];

describe("the ftp helper's reading", () => {
  for (const [data, direction, family, expected] of cases) {
    it(`of ${JSON.stringify(data)} from the ${direction} side in ${family}`, () => {
      expect(found(data, direction, family)).to.equal(expected);
    });
  }
});
