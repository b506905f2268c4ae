import { normalize } from "node:path/posix";
import type { Path } from "../analyse/analysis.ts";
import type { Groups } from "../analyse/policy-groups.ts";
import type { Source, Span } from "../diagnostics/diagnostic.ts";
import type { Family } from "../packet/address.ts";
import type { FlowStep } from "./flow.ts";
import { presentExpectation, stepsOf } from "./packets-file.ts";
import { type CheckData, policyFile } from "./policy-schema.ts";
import { readYaml, type YamlFile } from "./yaml-file.ts";

/** Words of a policy, and where they begin in `source`. */
export interface LocatedWords {
  readonly text: string;
  readonly source: Source;
  readonly offset: number;
}

interface Common {
  readonly name: string;
  /** Where its assertion stands. */
  readonly span: Span;
  readonly allowUnknown: boolean;
}

/** A check over sets of packets. */
export interface SetCheck extends Common {
  readonly kind: "accept" | "deny" | "only";
  readonly words: LocatedWords;
  /** `only`: the sources that may pass. */
  readonly from: { readonly list: readonly string[]; readonly span: Span } | undefined;
  readonly path: Path | undefined;
}

/** A check that sends packets. */
export interface FlowCheck extends Common {
  readonly kind: "flow";
  readonly steps: readonly (FlowStep & { readonly span: Span })[];
  /** By `table/chain:number` or `table/chain:policy`, in packets. */
  readonly counters: readonly { readonly place: string; readonly packets: number; readonly span: Span }[];
}

export interface PolicyFile {
  readonly source: Source;
  /** Paths and globs from the folder in which the command runs. */
  readonly rules: readonly string[];
  readonly snapshot: string | undefined;
  readonly family: Family | undefined;
  readonly groups: Groups;
  readonly checks: readonly (SetCheck | FlowCheck)[];
}

/** Reads a policy file (docs/check.md). Throws `InputError` that names every fault with its line and column. */
export function parsePolicyFile(text: string, filename: string): PolicyFile {
  const file = readYaml({ text, filename, schema: policyFile });
  const { rules, snapshot, family, groups = {}, checks } = file.data;
  const folder = filename.slice(0, filename.lastIndexOf("/") + 1);
  const here = (path: string): string => (path.startsWith("/") ? path : normalize(`${folder}${path}`));
  return {
    source: file.source,
    rules: listOf(rules).map(here),
    snapshot: snapshot === undefined ? undefined : here(snapshot),
    family,
    groups: new Map(Object.entries(groups).map(([name, list]) => [name, listOf(list)])),
    checks: checks.map((check, index) => readCheck(check, index, file)),
  };
}

const listOf = (value: string | readonly string[]): readonly string[] =>
  typeof value === "string" ? [value] : value;

function readCheck(
  check: CheckData,
  index: number,
  file: YamlFile<unknown> & { readonly data: { readonly "allow-unknown"?: boolean | undefined } },
): SetCheck | FlowCheck {
  const path = ["checks", index];
  const allowUnknown = check["allow-unknown"] ?? file.data["allow-unknown"] ?? false;
  for (const kind of ["accept", "deny", "only"] as const) {
    const text = check[kind];
    if (text === undefined) continue;
    const offset = file.verbatimAt([...path, kind], text);
    const name = check.name ?? `${kind} ${text}`;
    return {
      kind,
      name,
      span: file.spanAt([...path, kind]),
      allowUnknown,
      words:
        offset === undefined
          ? { text, source: { name: `${file.source.name} (${name})`, text }, offset: 0 }
          : { text, source: file.source, offset },
      from:
        check.from === undefined
          ? undefined
          : { list: listOf(check.from), span: file.spanAt([...path, "from"]) },
      path: check.path,
    };
  }
  return readFlow(check, path, file, allowUnknown);
}

function readFlow(
  check: CheckData,
  path: readonly (string | number)[],
  file: YamlFile<unknown>,
  allowUnknown: boolean,
): FlowCheck {
  const counters = Object.entries(check.counters ?? {}).map(([place, packets]) => ({
    place,
    packets,
    span: file.spanAt([...path, "counters", place]),
  }));
  const { packet, flow = [], expect } = check;
  if (packet !== undefined) {
    const span = file.spanAt([...path, "packet"]);
    const step: FlowStep = {
      name: undefined,
      time: { relative: true, seconds: 0 },
      packet: { kind: "text", text: packet },
      assumeState: check.ctstate,
      expectation: expect && presentExpectation(expect),
    };
    return {
      kind: "flow",
      name: check.name ?? `packet ${packet}`,
      span,
      allowUnknown,
      steps: [{ ...step, span }],
      counters,
    };
  }
  const steps = flow.flatMap((entry, number) => {
    const span = file.spanAt([...path, "flow", number]);
    return stepsOf(entry).map((step) => ({ ...step, span }));
  });
  const name = check.name ?? `flow of ${steps.length === 1 ? "1 packet" : `${steps.length} packets`}`;
  return { kind: "flow", name, span: file.spanAt([...path, "flow"]), allowUnknown, steps, counters };
}
