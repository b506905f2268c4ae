import { writeAddress } from "../packet/address.ts";
import {
  type Option,
  type ReceivedOptions,
  readAddress,
  timestampBytes,
  timestampKind,
} from "./ip-option-list.ts";
import type { Journey } from "./journey.ts";

/**
 * The options that an ICMP error answers a packet's options with (__ip_options_echo, ip_options_build): its record route and
 * time stamps, with the answer's own source and time behind what was recorded. `undefined` where Linux gives the answer up.
 */
export function echoOptions(journey: Journey, source: number): Uint8Array | undefined {
  const { ipOptions = { changed: false } } = journey;
  const parts = [
    echoRecordRoute(journey, ipOptions, source),
    echoTimestamp(journey, ipOptions, source),
    ipOptions.securityLabel ? textOf(journey, ipOptions.securityLabel) : new Uint8Array(),
  ];
  const echo: number[] = [];
  for (const part of parts) {
    if (part === undefined) return undefined;
    echo.push(...part);
  }
  while (echo.length % 4 !== 0) echo.push(0);
  return Uint8Array.from(echo);
}

const textOf = ({ packet }: Journey, { at, length }: Option): Uint8Array =>
  packet.bytes.slice(at, at + length);

function echoRecordRoute(
  journey: Journey,
  { recordRoute }: ReceivedOptions,
  source: number,
): Uint8Array | undefined {
  if (!recordRoute) return new Uint8Array();
  const echo = textOf(journey, recordRoute);
  const pointer = echo[2]!;
  if (!recordRoute.needsAddress || pointer > echo.length) return echo;
  if (pointer + 3 > echo.length) return undefined;
  echo[2] = pointer + 4;
  writeAddress(echo, pointer - 1, source);
  return echo;
}

function echoTimestamp(
  journey: Journey,
  { timestamp }: ReceivedOptions,
  source: number,
): Uint8Array | undefined {
  if (!timestamp) return new Uint8Array();
  const echo = textOf(journey, timestamp);
  let pointer = echo[2]!;
  if (pointer > echo.length) return echo;
  const { needsAddress, needsTime } = timestamp;
  if (needsAddress) {
    if (pointer + 3 > echo.length) return undefined;
    writeAddress(echo, pointer - 1, source);
    pointer += 4;
  }
  if (needsTime) {
    if (pointer + 3 > echo.length) return undefined;
    const timeAt = placeOfTime(journey, echo, pointer);
    if (timeAt !== undefined) {
      echo.set(timestampBytes(journey.environment.world.now), timeAt);
      pointer = timeAt + 5;
    }
  }
  echo[2] = pointer;
  return echo;
}

/** Where in the option the answer's time goes; of prescribed addresses only the host's own get one. */
function placeOfTime({ environment }: Journey, echo: Uint8Array, pointer: number): number | undefined {
  if ((echo[3]! & 15) !== timestampKind.prescribed) return pointer - 1;
  if (pointer + 7 > echo.length) return undefined;
  const address = readAddress(echo, pointer - 1);
  return environment.host.addressType(address, undefined) === "UNICAST" ? undefined : pointer + 3;
}
