import { analyse } from "../analyse/analyse.ts";
import { namedDevices } from "../analyse/device-names.ts";
import { PacketSpace } from "../analyse/packet-space.ts";
import type { PathSet } from "../analyse/policy.ts";
import { readPacketWords, type WordedSet } from "../analyse/policy-words.ts";
import { type Session, sessionOf } from "../analyse/session-packets.ts";
import { type Witness, WitnessFinder } from "../analyse/witness/find-witness.ts";
import type { Span } from "../diagnostics/diagnostic.ts";
import type { Backend } from "../model/hooks.ts";
import { parseRuleset } from "../model/parse-ruleset.ts";
import type { Ruleset } from "../model/ruleset.ts";
import type { LintContext } from "./rule.ts";

/** A session that somebody wants to keep while the rules are loaded. */
export interface Kept {
  /** iptables' match words. */
  readonly words: string;
  /** Where the text says so; `undefined` where the command line or the configuration does. */
  readonly span: Span | undefined;
}

const pragma = /(?<=^|\s)#[ \t]*netverdict[ \t]+keep=([^\r\n]+)/gm;

/** What a lint run shall keep: what the user says, and what the text says in `# netverdict keep=-s … --dport 22`. */
export function keptOf({ source, keep = [] }: LintContext): readonly Kept[] {
  const told = keep.map((words): Kept => ({ words, span: undefined }));
  const written = [...source.text.matchAll(pragma)].map((match): Kept => {
    const span = { start: match.index, end: match.index + match[0].trimEnd().length };
    return { words: unquoted((match[1] ?? "").trim()), span };
  });
  return [...told, ...written];
}

const unquoted = (text: string): string => /^(["'])(.*)\1$/.exec(text)?.[2] ?? text;

/** The command behind which a session is lost, and a packet that shows it. */
export interface LockOut {
  /** The command; `undefined` where the text is a dump, which is loaded as a whole. */
  readonly span: Span | undefined;
  /** Where a later command lets the session through again. */
  readonly until: Span | undefined;
  readonly witness: Witness;
}

interface Step {
  readonly ruleset: Ruleset;
  readonly span: Span | undefined;
}

/** What the rules are after each command of the text; of a dump, once it is loaded. */
function stepsOf({ source, ruleset }: LintContext): readonly Step[] {
  const steps: Step[] = [];
  const { family } = ruleset;
  parseRuleset(source.text, {
    family,
    filename: source.name,
    watch: (now, span) => steps.push({ ruleset: now, span }),
  });
  return steps.length > 0 ? steps : [{ ruleset, span: undefined }];
}

/** Finds the commands that lock a session out; a text says what is wrong with its words. */
export function lockOuts({ words }: Kept, context: LintContext): readonly LockOut[] | string {
  const { family } = context.ruleset;
  const read = readPacketWords(words, { family });
  if (!read.value) {
    const other = readPacketWords(words, { family: family === "ipv4" ? "ipv6" : "ipv4" });
    // a session of the other family
    return other.value ? [] : (read.diagnostics[0]?.message ?? "these are no match words");
  }
  const space = new PacketSpace(family, namedDevices(context.ruleset));
  const session = sessionOf(read.value satisfies WordedSet, space);
  const found: { span: Span | undefined; until: Span | undefined; witness: Witness }[] = [];
  let open: (typeof found)[number] | undefined;
  for (const { ruleset, span } of stepsOf(context)) {
    const witness = lostIn(ruleset, session, space, context.backend);
    if (witness && !open) {
      open = { span, until: undefined, witness };
      found.push(open);
    } else if (!witness && open) {
      open.until = span;
      open = undefined;
    }
  }
  return found;
}

/** A packet of the session that does not get through, as the machine says as well. */
function lostIn(
  ruleset: Ruleset,
  { there, back }: Session,
  space: PacketSpace,
  backend: Backend | undefined,
): Witness | undefined {
  const analysis = analyse(ruleset, { space, backend });
  const finder = new WitnessFinder(analysis, { now: 0, alone: true });
  for (const { path, packets } of [...there, ...back] satisfies readonly PathSet[]) {
    if (packets === 0) continue;
    const accepted = space.possibly(space.union(analysis.path(path, packets).accepted));
    const lost = space.minus(packets, accepted);
    const witness = lost === 0 ? undefined : finder.find(lost, path, ({ fate }) => fate.verdict !== "ACCEPT");
    if (witness) return witness;
  }
  return undefined;
}
