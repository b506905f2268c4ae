import type { Machine } from "../evaluate/machine.ts";
import type { EmittedFrame, Trace } from "../evaluate/trace.ts";
import type { Host, NetworkInterface } from "../host/host.ts";
import { fixedLinkAddress } from "../host/link-address.ts";
import { bytesToAddress, type Family, familyOf } from "../packet/address.ts";
import { setTransportChecksum } from "../packet/checksum.ts";
import { buildFrame } from "../packet/ethernet.ts";
import { Packet } from "../packet/packet.ts";
import { packetStart } from "../packet/packet-of-frame.ts";
import { CaptureHost } from "./capture-host.ts";
import type { CapturedPacket } from "./captured-packet.ts";
import { type CaptureLabel, deviceOf } from "./device-of.ts";
import { directionOf } from "./direction.ts";
import { Emissions, emissionKey } from "./emissions.ts";
import { type LinkPacket, readLink } from "./link-layer.ts";
import { OffloadHost } from "./offload-host.ts";
import { ReplayCount } from "./replay-count.ts";
import { type PlacedPacket, wholePacket } from "./whole-packet.ts";

export interface ReplaySettings {
  readonly host: Host;
  /** The rules': packets of the other one never meet them. */
  readonly family: Family;
  /** Makes the machine when the first packet comes: its time, in seconds since 1970, and the host for it. */
  readonly machine: (start: number, host: Host) => Machine;
  /** For captures that do not name their interface. */
  readonly inDevice: string | undefined;
  /** Received packets get sound checksums: the sender's network card would have made them behind the capture. */
  readonly fixChecksums: boolean;
  /** Packets that the snaplen cut are left out, in place of being filled up with zeros. */
  readonly skipTruncated: boolean;
  /** Flows to know at once. */
  readonly flowLimit: number;
  /** Told of each frame that left the host, with the trace of the captured packet behind it and that packet's number, from 1. */
  readonly onEmitted?: (frame: EmittedFrame, at: number, trace: Trace, packetNumber: number) => void;
}

/** Feeds captured packets to a machine, in the order of their times, and counts what becomes of them. Never throws on what was captured. */
export class Replay {
  readonly count: ReplayCount;
  private readonly settings: ReplaySettings;
  private readonly emissions = new Emissions();
  private readonly offloadHost: OffloadHost;
  private readonly devices = new Set<string>();
  private made: Machine | undefined;
  private now = 0;

  constructor(settings: ReplaySettings) {
    this.settings = settings;
    this.offloadHost = new OffloadHost(settings.host);
    this.count = new ReplayCount(settings.flowLimit);
  }

  /** `undefined` before the first packet. */
  get machine(): Machine | undefined {
    return this.made;
  }

  take(label: CaptureLabel, packet: CapturedPacket): void {
    const { count, settings } = this;
    count.captured(packet);
    const read = readLink(packet.source.linkType, packet.bytes);
    if (!read.ok) {
      count.skip(read.reason);
      return;
    }
    const { link } = read;
    const named = deviceOf(label, packet, link, settings);
    if (!named.ok) {
      if (named.isUnnamed) count.unnamed(label.file);
      else count.skip(named.reason);
      return;
    }
    const { device } = named;
    this.meet(device, packet);
    const isCut = packet.bytes.length < packet.originalLength;
    if (isCut) count.truncated++;
    if (isCut && settings.skipTruncated) {
      count.skip("cut by the snaplen");
      return;
    }
    const { headerLength } = link;
    const onWire = packet.originalLength - headerLength;
    const whole = wholePacket(packet.bytes, headerLength, onWire, link.version);
    if (!whole.ok) {
      count.skip(whole.reason);
      return;
    }
    const family = whole.bytes[whole.start]! >> 4 === 6 ? "ipv6" : "ipv4";
    if (family !== settings.family) {
      count.skip(otherFamily[family]);
      return;
    }
    if (whole.filled > 0) count.filled++;
    this.replay(device, packet, link, whole);
  }

  private replay(device: string, packet: CapturedPacket, link: LinkPacket, whole: PlacedPacket): void {
    const { host } = this.settings;
    const machine = this.clock(packet.at);
    const own = host.interfaces.get(device);
    const direction = directionOf(packet, link, own) ?? (this.isFromHost(whole) ? "outbound" : "inbound");
    if (direction === "elsewhere") {
      this.count.skip("for another host of the link");
      return;
    }
    if (host instanceof CaptureHost) host.captured = device;
    this.offloadHost.meet(own, whole.bytes.length - whole.start);
    if (direction === "inbound") {
      const frame = this.frameOf(own, packet, link, whole);
      this.finish(machine.receive(device, frame, this.now), whole, undefined);
      return;
    }
    if (own?.loopback) {
      this.finish(machine.send(alone(whole), this.now), whole, undefined);
      return;
    }
    const { bytes, start } = whole;
    if (!this.emissions.isEmpty && this.emissions.take(emissionKey(device, bytes, start), this.now)) {
      this.count.leave();
      return;
    }
    if (!this.isFromHost(whole) && this.knowsAddresses()) {
      this.count.skip("left the host, and its arrival was not captured or did not lead to it");
      return;
    }
    this.finish(machine.send(alone(whole), this.now), whole, device);
  }

  /** `leftBy`: of a packet that was leaving when it was captured, the interface: that the machine sends it is no news. */
  private finish(trace: Trace, { bytes, start }: PlacedPacket, leftBy: string | undefined): void {
    const { count, now, settings } = this;
    count.fate(trace, bytes, start);
    for (const frame of trace.emitted) {
      settings.onEmitted?.(frame, now, trace, count.packets);
      if (leftBy !== undefined && !frame.own) continue;
      const key = emissionKey(frame.device, frame.frame, packetStart(frame.frame));
      // the id of a packet that left it open counts as drawn by the host
      if (leftBy === undefined || key !== emissionKey(leftBy, bytes, start)) this.emissions.add(key, now);
    }
  }

  private clock(at: number): Machine {
    if (at < this.now && at > 0) this.count.backInTime++;
    this.now = Math.max(this.now, at);
    this.made ??= this.settings.machine(this.now, this.offloadHost);
    return this.made;
  }

  private meet(device: string, packet: CapturedPacket): void {
    if (this.devices.has(device)) return;
    this.devices.add(device);
    const { host } = this.settings;
    if (host instanceof CaptureHost)
      host.addInterface(device, packet.source.mac, packet.source.addresses ?? []);
  }

  private isFromHost({ bytes, start }: PlacedPacket): boolean {
    if (bytes.length - start < 20) return false;
    const { family, host } = this.settings;
    const source =
      family === "ipv4" ? bytesToAddress(bytes, start + 12, 4) : bytesToAddress(bytes, start + 8, 16);
    return host.addressType(source, undefined) === "LOCAL";
  }

  /** Whether an address of the rules' family, loopback's apart, is known to be the host's. */
  private knowsAddresses(): boolean {
    const { host, family } = this.settings;
    return [...host.interfaces.values()].some(
      ({ loopback, addresses }) => !loopback && addresses.some(({ address }) => familyOf(address) === family),
    );
  }

  /** The frame as the machine takes it: Ethernet without tags, its destination as the capture says or hints. */
  private frameOf(
    own: NetworkInterface | undefined,
    packet: CapturedPacket,
    { destinationAt, sourceAt, headerLength }: LinkPacket,
    whole: PlacedPacket,
  ): Uint8Array {
    const { fixChecksums } = this.settings;
    const isAsCaptured = destinationAt !== undefined && headerLength === 14 && whole.bytes === packet.bytes;
    if (isAsCaptured && !fixChecksums) return packet.bytes;
    const bytes = alone(whole);
    const sound = fixChecksums ? withChecksum(bytes) : bytes;
    const group =
      own && bytes.length >= 20 ? fixedLinkAddress(own, new Packet(bytes).destination) : undefined;
    const to = macAt(packet, destinationAt) ?? group ?? own?.mac ?? hostMac;
    return buildFrame(to, macAt(packet, sourceAt) ?? neighbourMac, sound);
  }
}

/** The IP packet by itself. */
const alone = ({ bytes, start }: PlacedPacket): Uint8Array => (start === 0 ? bytes : bytes.subarray(start));

const otherFamily = { ipv4: "IPv4, and the rules are IPv6", ipv6: "IPv6, and the rules are IPv4" } as const;

const macAt = ({ bytes }: CapturedPacket, at: number | undefined): Uint8Array | undefined =>
  at === undefined ? undefined : bytes.subarray(at, at + 6);

/** Both ends on the wire where nobody names them: locally administered, as in RFC 7042, 2.1. */
const hostMac = Uint8Array.of(2, 0, 0, 0, 0, 0x01);
const neighbourMac = Uint8Array.of(2, 0, 0, 0, 0, 0xfe);

/** Fragments have the checksum of a whole that nobody sees here: they stay as they are. */
function withChecksum(bytes: Uint8Array): Uint8Array {
  const packet = new Packet(bytes.slice());
  if (bytes.length < 20 || packet.fragmentOffset > 0 || packet.moreFragments) return bytes;
  const isBare = packet.protocol === 17 && packet.family === "ipv4" && packet.transportWord(6) === 0;
  const length = packet.family === "ipv4" ? packet.transportOffset : 40;
  if (!isBare && length < bytes.length) setTransportChecksum(packet.bytes);
  return packet.bytes;
}
