import { parseAddress, printAddress } from "../../../../src/packet/address.ts";
import { sixLengthOf, sixMaskOf, sixOf } from "./addresses.ts";
import { sixTypeOf } from "./icmp-types.ts";

/** ip6tables has no -f, no `any` type and its own names for what REJECT sends. */
const rejectTypes: Readonly<Record<string, string>> = {
  "icmp-net-unreachable": "icmp6-no-route",
  "icmp-host-unreachable": "icmp6-addr-unreachable",
  "icmp-port-unreachable": "icmp6-port-unreachable",
  "icmp-proto-unreachable": "icmp6-policy-fail",
  "icmp-net-prohibited": "icmp6-reject-route",
  "icmp-host-prohibited": "icmp6-adm-prohibited",
  "icmp-admin-prohibited": "icmp6-adm-prohibited",
};

const typeNames: Readonly<Record<string, string>> = {
  "timestamp-request": "139",
  "timestamp-reply": "140",
  "fragmentation-needed": "packet-too-big",
};

const dotted = String.raw`\d+\.\d+\.\d+\.\d+`;

/** A rule set for iptables as one for ip6tables that asks for the same things. */
export const sixRules = (text: string): string =>
  text
    .split("\n")
    .map((line) => (line.startsWith("-A") ? sixRule(line) : line))
    .join("\n");

function sixRule(line: string): string {
  return (
    line
      .replace(/(?:! )?-f(?= |$)/g, "")
      // the kernel would ask for a protocol header, which ip6tables-save does not tell
      .replace(/-p all(?= |$)/g, "")
      .replace(/(?:! )?--icmp-type any/g, "")
      .replace(/-m realm (?:! )?--realm \S+/g, "")
      .replace(/-m osf (?:! )?--genre \S+ --ttl \d/g, "")
      .replace(/LOCAL,BROADCAST/g, "LOCAL,MULTICAST")
      .replace(/-type BROADCAST/g, "-type ANYCAST")
      .replace(/-m ttl/g, "-m hl")
      .replace(/--ttl-/g, "--hl-")
      .replace(/-j TTL/g, "-j HL")
      // only iptables has the target
      .replace(/-j ECN .*/, "-j TOS --set-tos 0x02/0x03")
      .replace(
        /--hmark-(src|dst)-prefix (\d+)/g,
        (_, end: string, length: string) => `--hmark-${end}-prefix ${sixLengthOf(Number(length))}`,
      )
      .replace(
        /--hashlimit-srcmask (\d+)/g,
        (_, length: string) => `--hashlimit-srcmask ${sixLengthOf(Number(length))}`,
      )
      .replace(/--icmp-type (\S+)/g, (_, type: string) => `--icmpv6-type ${icmpv6Type(type)}`)
      .replace(/-p icmp(?= |$)/g, "-p icmpv6")
      .replace(/-p 1(?= |$)/g, "-p 58")
      .replace(/--reject-with (icmp-\S+)/g, (_, type: string) => `--reject-with ${rejectTypes[type] ?? type}`)
      .replace(
        /--connlimit-mask (\d+)/g,
        (_, length: string) => `--connlimit-mask ${sixLengthOf(Number(length))}`,
      )
      .replace(/--mask 255\.255\.255\.0/g, "--mask ffff:ffff:ffff:ffff::")
      .replace(
        new RegExp(`(--to-\\w+ )(${dotted}(?:-${dotted})?)(:[\\d-]+)?`, "g"),
        (_, flag: string, range: string, ports?: string) => {
          const addresses = range.split("-").map(addressText).join("-");
          return ports ? `${flag}[${addresses}]${ports}` : flag + addresses;
        },
      )
      .replace(new RegExp(`(${dotted})/(${dotted})`, "g"), (_, address: string, mask: string) => {
        const number = parseAddress(mask);
        return `${addressText(address)}/${sixMaskOf(typeof number === "number" ? number : 0)}`;
      })
      .replace(
        new RegExp(`(${dotted})/(\\d+)(?![\\d.])`, "g"),
        (_, address: string, length: string) => `${addressText(address)}/${sixLengthOf(Number(length))}`,
      )
      .replace(new RegExp(dotted, "g"), addressText)
      .replace(/ +/g, " ")
      .trimEnd()
  );
}

function addressText(text: string): string {
  const address = parseAddress(text);
  return typeof address === "number" ? printAddress(sixOf(address)) : text;
}

function icmpv6Type(text: string): string {
  const [type, code] = text.split("/").map(Number);
  if (type === undefined || Number.isNaN(type)) return typeNames[text] ?? text;
  const six = sixTypeOf(type, code ?? 0);
  return code === undefined ? `${six.type}` : `${six.type}/${six.code}`;
}
