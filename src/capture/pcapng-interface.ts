import { type Address, bytesToAddress } from "../packet/address.ts";
import type { ByteWindow } from "./byte-window.ts";
import type { CaptureInterface } from "./captured-packet.ts";
import { readOptions } from "./pcapng-options.ts";

/** Option codes of an Interface Description Block. */
const optionCodes = { name: 2, ipv4: 4, ipv6: 5, mac: 6, resolution: 9, timeOffset: 14 } as const;

export interface PcapngInterface {
  readonly source: CaptureInterface;
  /** 0 is without limit. */
  readonly snapLength: number;
  /** Ticks of its clock in a second. */
  readonly ticks: number;
  /** Seconds that are added to each time. */
  readonly timeOffset: number;
}

/** Reads an Interface Description Block; what it leaves out has the values that the format gives it. */
export function readInterface(window: ByteWindow, length: number, littleEndian: boolean): PcapngInterface {
  const isWhole = length >= 20;
  const options = readOptions(window, 16, length - 4, littleEndian);
  const name = options.get(optionCodes.name);
  const mac = options.get(optionCodes.mac);
  const ipv4 = options.get(optionCodes.ipv4);
  const ipv6 = options.get(optionCodes.ipv6);
  const addresses: Address[] = [];
  if (ipv4 && ipv4.length >= 4) addresses.push(bytesToAddress(ipv4, 0, 4));
  if (ipv6 && ipv6.length >= 16) addresses.push(bytesToAddress(ipv6, 0, 16));
  return {
    source: {
      linkType: isWhole ? window.uint16(8, littleEndian) : -1,
      ...(name && { name: nameIn(name) }),
      ...(mac?.length === 6 && { mac: mac.slice() }),
      addresses,
    },
    snapLength: isWhole ? window.uint32(12, littleEndian) : 0,
    ticks: ticksOf(options.get(optionCodes.resolution)?.[0]),
    timeOffset: secondsIn(options.get(optionCodes.timeOffset), littleEndian),
  };
}

/** A string of the file's own; some writers end it with a zero. */
const nameIn = (bytes: Uint8Array): string => new TextDecoder().decode(bytes).replace(/\0.*$/s, "");

/** if_tsresol: a negative power of 10 or, with the highest bit, of 2; microseconds unless told. */
function ticksOf(resolution: number | undefined): number {
  if (resolution === undefined) return 1e6;
  return (resolution & 0x80 ? 2 : 10) ** (resolution & 0x7f);
}

/** if_tsoffset: 64 bits, signed. */
function secondsIn(bytes: Uint8Array | undefined, littleEndian: boolean): number {
  if (bytes?.length !== 8) return 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset, 8);
  return Number(view.getBigInt64(0, littleEndian));
}

/** Seconds since 1970 of a time stamp in two halves. */
export const clockOf = ({ ticks, timeOffset }: PcapngInterface, high: number, low: number): number =>
  (high * 0x100000000 + low) / ticks + timeOffset;
