import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Family } from "../../../src/packet/address.ts";

/** One rule that iptables is asked to append. */
export interface Trial {
  /** What follows `-A CHAIN`, quoted as for a shell. */
  readonly rule: string;
  readonly family: Family;
  /** `table/CHAIN`; a chain that is not built in is made first. */
  readonly at: string;
}

/** What iptables-save prints behind `-A CHAIN`, or the complaint without iptables' version. */
export type Answer = { readonly saves: string } | { readonly error: string };

const programs: Readonly<Record<Family, string>> = { ipv4: "iptables-legacy", ipv6: "ip6tables-legacy" };
const builtIn = /^(PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)$/;
const mark = "=====";

/** Appends the rule, lists its chain where that worked, and leaves the table as it was. */
function scriptOf({ rule, family, at }: Trial): string {
  const [table = "filter", chain = "INPUT"] = at.split("/");
  const program = `${programs[family]} -t ${table}`;
  const made = builtIn.test(chain) ? "" : `${program} -N ${chain}; `;
  const gone = made === "" ? "" : `; ${program} -X ${chain}`;
  return `${made}if ${program} -A ${chain} ${rule} 2>&1; then echo ${mark}0; ${program} -S ${chain}; ${program} -F ${chain}; else echo ${mark}1; fi${gone}; echo ${mark}`;
}

/** The first line that is a complaint; warnings stand before it, advice behind it. */
function complaintIn(text: string): string {
  const lines = text.split("\n").filter((line) => line !== "");
  const own = lines.filter(
    (line) => /^ip6?tables/.test(line) && !/: warning|^ip6?tables.*Warning/i.test(line),
  );
  return (own[0] ?? lines[0] ?? "").replace(/^ip6?tables v[\d.]+ \(legacy\): /, "").trimEnd();
}

function answerIn(text: string, { at, rule }: Trial): Answer {
  const [said = "", listed] = text.split(new RegExp(`${mark}[01]\n`));
  if (listed === undefined) throw new Error(`no answer about: ${rule}`);
  const head = `-A ${at.split("/")[1]}`;
  const line = listed.split("\n").find((each) => each === head || each.startsWith(`${head} `));
  return line === undefined ? { error: complaintIn(said) } : { saves: line.slice(head.length).trimStart() };
}

/**
 * Asks the installed iptables-legacy and its kernel about each rule, alone in a network namespace of its own; needs root.
 * One shell runs a share of the commands: about 300 rules a second and processor. `sets` is ipset restore text.
 */
export async function askIptables(
  trials: readonly Trial[],
  jobs: number,
  sets = "",
): Promise<readonly Answer[]> {
  const folder = mkdtempSync(join(tmpdir(), "iptables-"));
  const share = Math.ceil(trials.length / jobs);
  try {
    const parts = await Promise.all(
      Array.from({ length: jobs }, (_, job) =>
        askShare(trials.slice(job * share, (job + 1) * share), join(folder, String(job)), sets),
      ),
    );
    return parts.flat();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function askShare(trials: readonly Trial[], base: string, sets: string): Promise<readonly Answer[]> {
  if (trials.length === 0) return [];
  writeFileSync(`${base}.sets`, sets);
  const script = [`ipset restore < ${base}.sets; exec > ${base}.out`, ...trials.map(scriptOf), ""].join("\n");
  await new Promise<void>((done, fail) => {
    // a lock of its own, so that the namespaces do not wait for each other
    const env = { ...process.env, XTABLES_LOCKFILE: `${base}.lock` };
    const shell = spawn("unshare", ["-n", "sh"], { stdio: ["pipe", "inherit", "ignore"], env });
    shell.on("error", fail).on("close", () => done());
    shell.stdin.end(script);
  });
  const answers = readFileSync(`${base}.out`, "utf8").split(`${mark}\n`);
  return trials.map((trial, index) => answerIn(answers[index] ?? "", trial));
}
