import type { Host } from "../host/host.ts";
import { CaptureHost } from "./capture-host.ts";
import type { CapturedPacket } from "./captured-packet.ts";
import type { LinkPacket } from "./link-layer.ts";

/** A capture as the user named it. */
export interface CaptureLabel {
  readonly file: string;
  /** Of `eth0=FILE`. */
  readonly device: string | undefined;
}

export type NamedDevice =
  | { readonly ok: true; readonly device: string }
  | { readonly ok: false; readonly isUnnamed: true }
  | { readonly ok: false; readonly isUnnamed: false; readonly reason: string };

/** All interfaces at once (`tcpdump -i any`): the name says nothing about a packet. */
const anyDevice = "any";

/**
 * The interface that a packet was captured on: the user's word for the capture, else the file's (SLL2 and pcapng have one),
 * else the user's word for all, else the snapshot's only interface. A VLAN's packets belong to the VLAN's own interface,
 * `eth0.10` or `vlan10`.
 */
export function deviceOf(
  { device }: CaptureLabel,
  { source }: CapturedPacket,
  { interfaceIndex, vlans }: LinkPacket,
  { host, inDevice }: { readonly host: Host; readonly inDevice: string | undefined },
): NamedDevice {
  const own = source.name === anyDevice ? undefined : source.name;
  const name = device ?? byIndex(host, interfaceIndex) ?? own ?? inDevice ?? onlyDevice(host);
  if (name === undefined) return { ok: false, isUnnamed: true };
  if (vlans.length === 0) return { ok: true, device: name };
  const tagged = `${name}.${vlans.join(".")}`;
  if (host.interfaces.has(tagged)) return { ok: true, device: tagged };
  const other = `vlan${vlans.at(-1)}`;
  if (host.interfaces.has(other)) return { ok: true, device: other };
  // without a snapshot every interface is taken as there
  if (isDescribed(host))
    return { ok: false, isUnnamed: false, reason: `of a VLAN that has no interface ${tagged}` };
  return { ok: true, device: tagged };
}

function byIndex(host: Host, index: number | undefined): string | undefined {
  if (index === undefined || index === 0 || !isDescribed(host)) return undefined;
  for (const one of host.interfaces.values()) if (one.index === index) return one.name;
  return undefined;
}

function onlyDevice(host: Host): string | undefined {
  if (!isDescribed(host)) return undefined;
  const names = [...host.interfaces.values()].filter(({ loopback }) => !loopback).map(({ name }) => name);
  return names.length === 1 ? names[0] : undefined;
}

/** Somebody told which interfaces there are. */
const isDescribed = (host: Host): boolean => !(host instanceof CaptureHost);
