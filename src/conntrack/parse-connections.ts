import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { problem } from "../diagnostics/problem.ts";
import { type Family, familyOf, parseAddress } from "../packet/address.ts";
import type { Direction, Tuple, Zone } from "../packet/connection.ts";
import type { FlowCounters } from "./entry.ts";
import type { ListedConnection } from "./listed-connection.ts";
import { protocol } from "./protocol-numbers.ts";
import { sctpStates } from "./sctp/states.ts";
import { tcpStates } from "./tcp/states.ts";
import { defaultZone, zoneOf } from "./zone.ts";

/** How long Linux keeps a connection that a flow table took over (NF_CT_DAY); such a line says no time. */
const offloadedSeconds = 86400;

/** What one direction of a line says, by its words. */
type Words = ReadonlyMap<string, string>;

/** Why a line is not read. */
class Unread extends Error {}

/**
 * Reads what `conntrack -L` prints, with any of its output options but XML, or /proc/net/nf_conntrack. Never throws: a line
 * that is no connection is a diagnostic, and the other lines count.
 */
export function parseConnections(
  text: string,
  filename = "conntrack.txt",
): { readonly connections: readonly ListedConnection[]; readonly diagnostics: readonly Diagnostic[] } {
  const source = { name: filename, text };
  const connections: ListedConnection[] = [];
  const diagnostics: Diagnostic[] = [];
  let start = 0;
  for (const line of text.split("\n")) {
    const content = line.trim();
    // the last line is conntrack's count, where somebody kept that as well
    if (content !== "" && !content.startsWith("#") && !/^conntrack v\d/.test(content)) {
      try {
        connections.push(readLine(content));
      } catch (error) {
        if (!(error instanceof Unread)) throw error;
        const at = start + line.indexOf(content);
        const span = { start: at, end: at + content.length };
        diagnostics.push(problem(source, "connection-unread", span, error.message));
      }
    }
    start += line.length + 1;
  }
  return { connections, diagnostics };
}

/** `[ipv4 2] tcp 6 [431999] [ESTABLISHED] src=… [UNREPLIED] src=… [ASSURED] mark=0 …` */
function readLine(line: string): ListedConnection {
  const head = /^(?:ipv[46]\s+\d+\s+)?\S+\s+(\d+)(?:\s+(\d+))?(?:\s+([A-Z][A-Z_0-9]*))?\s+(?=src=)/.exec(
    line,
  );
  if (!head)
    throw new Unread("no line of `conntrack -L`: that begins with protocol, number and seconds left");
  const [beginning, number, seconds, state] = head;
  const { original, reply, rest, flags } = splitWords(line.slice(beginning.length));
  const kind = Number(number);
  checkState(kind, state);
  const zone = zoneIn({ original, reply, rest });
  const counters = { original: countersIn(original), reply: countersIn(reply) };
  const tuples = {
    original: tupleIn(original, kind, zone.original),
    reply: tupleIn(reply, kind, zone.reply),
  };
  if (familyOf(tuples.original.source) !== familyOf(tuples.reply.source))
    throw new Unread("both directions of a connection have addresses of one family");
  return {
    ...tuples,
    zone,
    secondsLeft: seconds === undefined ? offloadedSeconds : Number(seconds),
    state,
    seenReply: !flags.has("UNREPLIED"),
    assured: flags.has("ASSURED"),
    mark: optionalNumber(rest, "mark") ?? 0,
    helper: rest.get("helper"),
    counters:
      counters.original && counters.reply
        ? { original: counters.original, reply: counters.reply }
        : undefined,
  };
}

/** Words that do not belong to the direction behind whose addresses they stand. */
const ofWhole: ReadonlySet<string> = new Set([
  "mark",
  "zone",
  "helper",
  "use",
  "secctx",
  "secmark",
  "labels",
]);

function splitWords(
  text: string,
): Record<Direction | "rest", Words> & { readonly flags: ReadonlySet<string> } {
  const directions: Map<string, string>[] = [];
  const rest = new Map<string, string>();
  const flags = new Set<string>();
  for (const word of text.split(/\s+/)) {
    const flag = /^\[(\w+)\]$/.exec(word)?.[1];
    const [, name, value] = /^([\w-]+)=(.*)$/.exec(word) ?? [];
    if (flag !== undefined) flags.add(flag);
    if (name === undefined || value === undefined) continue;
    if (name === "src") directions.push(new Map());
    const place = ofWhole.has(name) ? rest : directions.at(-1);
    // `-o id` adds one behind the whole, which ICMP has in both directions
    if (place && !place.has(name)) place.set(name, value);
  }
  const [original, reply] = directions;
  if (!original || !reply || directions.length > 2)
    throw new Unread("a connection has two directions, each with its `src=`");
  return { original, reply, rest, flags };
}

function checkState(kind: number, state: string | undefined): void {
  const known: readonly string[] | undefined =
    kind === protocol.tcp ? tcpStates : kind === protocol.sctp ? sctpStates : undefined;
  if (!known) return;
  if (state === undefined) throw new Unread("the line does not say which state the connection is in");
  if (!known.includes(state)) throw new Unread(`${state} is no state: ${known.join(", ")} are`);
}

function tupleIn(words: Words, kind: number, zone: number): Tuple {
  const number = (name: string) => {
    const value = optionalNumber(words, name);
    if (value === undefined) throw new Unread(`\`${name}=\` is missing`);
    return value;
  };
  const base = {
    source: addressIn(words, "src"),
    destination: addressIn(words, "dst"),
    protocol: kind,
    zone,
  };
  const noIcmp = { icmpType: 0, icmpCode: 0 };
  switch (kind) {
    case protocol.icmp:
    case protocol.icmpv6: {
      const id = number("id");
      return {
        ...base,
        sourcePort: id,
        destinationPort: id,
        icmpType: number("type"),
        icmpCode: number("code"),
      };
    }
    case protocol.tcp:
    case protocol.udp:
    case protocol.udplite:
    case protocol.sctp:
      return { ...base, sourcePort: number("sport"), destinationPort: number("dport"), ...noIcmp };
    case protocol.gre:
      return { ...base, sourcePort: number("srckey"), destinationPort: number("dstkey"), ...noIcmp };
    default:
      return { ...base, sourcePort: 0, destinationPort: 0, ...noIcmp };
  }
}

function addressIn(words: Words, name: string): Tuple["source"] {
  const text = words.get(name);
  const address = text === undefined ? undefined : parseAddress(text);
  if (address === undefined) throw new Unread(`\`${name}=${text ?? ""}\` is no address`);
  return address;
}

/** Decimal, or hexadecimal behind 0x. */
function optionalNumber(words: Words, name: string): number | undefined {
  const text = words.get(name);
  if (text === undefined) return undefined;
  if (!/^(\d+|0x[\da-f]+)$/i.test(text)) throw new Unread(`\`${name}=${text}\` is no number`);
  return Number(text);
}

function zoneIn({ original, reply, rest }: Record<Direction | "rest", Words>): Zone {
  const both = optionalNumber(rest, "zone");
  if (both !== undefined) return zoneOf(both);
  const sent = optionalNumber(original, "zone-orig");
  if (sent !== undefined) return zoneOf(sent, "original");
  const answered = optionalNumber(reply, "zone-reply");
  return answered === undefined ? defaultZone : zoneOf(answered, "reply");
}

function countersIn(words: Words): FlowCounters | undefined {
  const packets = optionalNumber(words, "packets");
  const bytes = optionalNumber(words, "bytes");
  return packets === undefined || bytes === undefined ? undefined : { packets, bytes };
}

/** The connections of one family. */
export const connectionsOf = (
  connections: readonly ListedConnection[],
  family: Family,
): readonly ListedConnection[] => connections.filter(({ original }) => familyOf(original.source) === family);
