import { type Address, familyOf, parseAddress, parseFourDecimals, printAddress } from "../packet/address.ts";
import { type ArgSite, type ArgType, bad, ok, type Result } from "./arg-type.ts";
import { type NatPorts, parseNatPorts, printNatPorts } from "./nat-ports.ts";
import { parseNumber } from "./number.ts";

/** Where DNAT and SNAT lead to; at least one of the two is there. */
export interface NatDestination extends Partial<NatPorts> {
  readonly addresses?: readonly [low: Address, high: Address];
}

/** Splits `[low-high]:ports`, `low-high:ports` and `:ports`; a lone colon starts ports, several are an IPv6 address. */
function split(text: string, ipv4: boolean): Result<{ range: string; ports: string | undefined }> {
  const open = text.indexOf("[");
  if (open < 0) {
    const colon = text.indexOf(":");
    if (colon < 0 || text.includes(":", colon + 1)) return ok({ range: text, ports: undefined });
    // libxt_NAT means `[]:` by two characters before the colon, and takes any two for no address
    return ok({ range: colon === 2 ? "" : text.slice(0, colon), ports: text.slice(colon + 1) });
  }
  const close = text.indexOf("]", open);
  if (close < 0 || ipv4) return bad("Invalid address format", "brackets stand around IPv6 addresses only");
  const colon = text.indexOf(":", close);
  return ok({
    range: text.slice(open + 1, close),
    ports: colon < 0 ? undefined : text.slice(colon + 1),
  });
}

function parseEnd(text: string, { family }: ArgSite): Result<Address> {
  const address = parseAddress(text);
  return address === undefined || familyOf(address) !== family
    ? bad(`Bad IP address "${text}"`)
    : ok(address);
}

function parseAddresses(text: string, site: ArgSite): Result<readonly [Address, Address]> {
  const dash = text.indexOf("-");
  const low = parseEnd(dash < 0 ? text : text.slice(0, dash), site);
  if (!low.ok || dash < 0) return low.ok ? ok([low.value, low.value]) : low;
  const high = parseEnd(text.slice(dash + 1), site);
  return high.ok ? ok([low.value, high.value]) : high;
}

/** `10.0.0.9:8080`, which the rule sets of container hosts have thousands of times. */
function parsePlain(text: string): NatDestination | undefined {
  const colon = text.indexOf(":");
  const address = colon < 0 ? undefined : parseFourDecimals(text, colon);
  if (address === undefined) return undefined;
  const port = parseNumber(text.slice(colon + 1), 0, 65535);
  return port === undefined ? undefined : { addresses: [address, address], ports: [port, port] };
}

function parse(text: string, site: ArgSite): Result<NatDestination> {
  const plain = site.family === "ipv4" ? parsePlain(text) : undefined;
  if (plain) return ok(plain);
  const parts = split(text, site.family === "ipv4");
  if (!parts.ok) return parts;
  const { range, ports: portsText } = parts.value;
  const ports = portsText === undefined ? ok({}) : parseNatPorts(portsText);
  if (!ports.ok || (range === "" && portsText !== undefined)) return ports;
  const addresses = parseAddresses(range, site);
  return addresses.ok ? ok({ addresses: addresses.value, ...ports.value }) : addresses;
}

function print({ addresses, ports, basePort }: NatDestination): string {
  const portText =
    ports === undefined
      ? undefined
      : printNatPorts({ ports, ...(basePort === undefined ? {} : { basePort }) });
  if (addresses === undefined) return `:${portText}`;
  const [low, high] = addresses;
  const range = low === high ? printAddress(low) : `${printAddress(low)}-${printAddress(high)}`;
  if (portText === undefined) return range;
  return familyOf(low) === "ipv6" ? `[${range}]:${portText}` : `${range}:${portText}`;
}

/** `[address[-address]][:port[-port[/base]]]` of DNAT (libxt_NAT.c). A range's ends may stand the wrong way round. */
export const natDestination: ArgType<NatDestination> = {
  placeholder: "[address[-address]][:port[-port[/base]]]",
  words: 1,
  parse: ([text = ""], site) => parse(text, site),
  print,
  samples: [
    { addresses: [0x01020304, 0x01020304] },
    { addresses: [0x0a000001, 0x0a000009], ports: [80, 90], basePort: 8080 },
    { ports: [8080, 8080] },
    { addresses: [0xc0a80001, 0xc0a80001], ports: [0, 65535] },
  ],
};

/** The same for SNAT, whose ranges cannot be shifted: iptables takes a base and keeps 0. */
export const natSource: ArgType<NatDestination> = {
  ...natDestination,
  placeholder: "[address[-address]][:port[-port]]",
  parse([text = ""], site) {
    const read = parse(text, site);
    return read.ok && read.value.basePort !== undefined ? ok({ ...read.value, basePort: 0 }) : read;
  },
  samples: natDestination.samples.filter(({ basePort }) => basePort === undefined),
};
