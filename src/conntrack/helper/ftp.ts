import { type Address, printAddress } from "../../packet/address.ts";
import { connectionStatus, type Direction, type Tracking } from "../../packet/connection.ts";
import type { Packet } from "../../packet/packet.ts";
import { type Entry, opposite } from "../entry.ts";
import { protocol } from "../protocol-numbers.ts";
import type { Expectation, Expectations } from "./expectations.ts";
import { type FtpAddress, type FtpForm, readFtp } from "./ftp-commands.ts";
import { LineStarts } from "./line-starts.ts";
import { replacePayload } from "./replace-payload.ts";
import { SequenceShift } from "./sequence-shift.ts";

/** What the ftp helper remembers of a control connection (struct nf_ct_ftp_master). */
export class FtpState {
  readonly lineStarts: Readonly<Record<Direction, LineStarts>> = {
    original: new LineStarts(),
    reply: new LineStarts(),
  };
}

/** Why a helper drops a packet; `undefined` where it lets it go. */
export type HelperFault = string | undefined;

type Tracked = Extract<Tracking, { kind: "tracked" }>;

/** Reads one packet of an FTP control connection on its way out (nf_conntrack_ftp.c). */
export function followFtp(
  packet: Packet,
  entry: Entry,
  state: FtpState,
  { direction, state: ctstate }: Tracked,
  expectations: Expectations,
): HelperFault {
  if (ctstate !== "ESTABLISHED") return undefined;
  const { bytes, transportOffset } = packet;
  if (transportOffset + 20 > bytes.length) return undefined;
  const dataOffset = transportOffset + (bytes[transportOffset + 12]! >>> 4) * 4;
  if (dataOffset >= bytes.length) return undefined;
  const data = bytes.subarray(dataOffset);
  const sequence = new DataView(bytes.buffer, bytes.byteOffset).getUint32(transportOffset + 4);
  const lineStarts = state.lineStarts[direction];
  const newline = 10;
  // what follows is known before NAT changes the length
  const next = (sequence + data.length) >>> 0;
  const endsLine = data.at(-1) === newline;
  let fault: HelperFault;
  if (lineStarts.has(sequence)) {
    const reading = readFtp(latin1(data), direction, packet.family);
    if (reading.kind === "partial")
      return `the ftp helper cannot make out the ${reading.form} in this packet`;
    if (reading.kind === "address") {
      fault = expect({ packet, entry, direction, dataOffset, sequence, expectations }, reading);
    }
  }
  if (endsLine) lineStarts.add(next);
  return fault;
}

const latin1 = (bytes: Uint8Array): string => {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
};

interface Sighting {
  readonly packet: Packet;
  readonly entry: Entry;
  readonly direction: Direction;
  readonly dataOffset: number;
  readonly sequence: number;
  readonly expectations: Expectations;
}

/** Expects the connection that was announced, or, where the control connection is translated, its translation. */
function expect(sighting: Sighting, found: FtpAddress): HelperFault {
  const { entry, direction, expectations } = sighting;
  // to a third host (RFC 2577, 2): Linux's default is not to open a way there
  if (!names(found, entry[direction].source)) return undefined;
  const other = entry[opposite(direction)];
  const plain: Expectation = {
    master: entry,
    protocol: protocol.tcp,
    source: other.source,
    destination: other.destination,
    destinationPort: found.port,
  };
  const isTranslated = entry.has(connectionStatus.sourceNat | connectionStatus.destinationNat);
  if (!isTranslated) {
    return expectations.add(plain)
      ? undefined
      : "the connection that this packet announces is expected for another control connection already";
  }
  const follow = { direction: opposite(direction), port: found.port };
  const port = expectations.addAtFreePort({ ...plain, follow });
  if (port === 0) return "the ftp helper finds no port for the connection that this packet announces";
  return translate(sighting, found, port);
}

/** Whether the announced address is this one. PORT and PASV name 32 bits, which in IPv6 Linux takes for the first ones. */
function names({ address }: FtpAddress, own: Address): boolean {
  if (address === undefined || address === own) return true;
  return typeof address === "number" && typeof own === "bigint" && BigInt(address) === own >> 96n;
}

/** Address and port in the packet become those under which the other side shall find the sender (nf_nat_ftp.c). */
function translate(
  { packet, entry, direction, dataOffset, sequence, expectations }: Sighting,
  found: FtpAddress,
  port: number,
): HelperFault {
  const text = write(found.form, entry[opposite(direction)].destination, port);
  if (!replacePayload(packet, dataOffset + found.offset, found.length, text)) {
    expectations.remove(entry);
    return "the ftp helper cannot make the packet any longer";
  }
  const growth = text.length - found.length;
  if (growth !== 0) {
    entry.status |= connectionStatus.sequenceAdjust;
    const rare = entry.makeRare();
    rare.sequenceShift ??= new SequenceShift();
    rare.sequenceShift.add(direction, sequence, growth);
  }
  return undefined;
}

function write(form: FtpForm, address: Address, port: number): string {
  switch (form) {
    case "PORT":
    case "PASV": {
      const first = typeof address === "number" ? address : Number(address >> 96n);
      return `${printAddress(first).replaceAll(".", ",")},${port >> 8},${port & 0xff}`;
    }
    case "EPRT":
      return typeof address === "number"
        ? `|1|${printAddress(address)}|${port}|`
        : `|2|${address.toString(16).padStart(32, "0").match(/.{4}/g)!.join(":")}|${port}|`;
    case "EPSV":
      return `|||${port}|`;
  }
}
