import { spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { aclDump } from "./acl.ts";
import { kubeDump } from "./kube.ts";
import { median, time } from "./measure.ts";

const program = "dist/netverdict.js";
const library = pathToFileURL("dist/src/index.js").href;
const rounds = 5;

/** Prints the milliseconds that the first reading in a process takes. */
const parseOnce = `
import { readFileSync } from "node:fs";
import { parseRuleset } from ${JSON.stringify(library)};
const text = readFileSync(process.argv[1], "latin1");
const start = performance.now();
parseRuleset(text, { family: "ipv4" });
console.log(performance.now() - start);
`;
/** Says on descriptor 3 how many megabytes the process had at most. */
const reporter = `process.on("exit", () => {
  require("node:fs").writeSync(3, String(process.resourceUsage().maxRSS / 1024));
});`;

/** Runs a program with a file as its standard input and another as its output; false where it failed. */
function run(words: readonly string[], input: string, output: string): boolean {
  const [from, to] = [openSync(input, "r"), openSync(output, "w")];
  const [command = "", ...rest] = words;
  const { status } = spawnSync(command, rest, { stdio: [from, to, "ignore"] });
  closeSync(from);
  closeSync(to);
  return status === 0;
}

interface Costs {
  readonly restore: number[];
  readonly fmt: number[];
  readonly parse: number[];
  megabytes: number;
}

/** The programs take turns, so that all of them have the same minutes. */
function measure(dump: string, folder: string): Costs {
  const [file, output, preload] = ["rules.save", "out.save", "report.cjs"].map((name) => join(folder, name));
  if (!file || !output || !preload) throw new Error("no names");
  writeFileSync(file, dump);
  writeFileSync(preload, reporter);
  const costs: Costs = { restore: [], fmt: [], parse: [], megabytes: 0 };
  const restore = ["unshare", "-n", "iptables-legacy-restore", "--test"];
  const compare = run(restore, file, output);
  for (let round = 0; round < rounds; round++) {
    if (compare) costs.restore.push(time(() => run(restore, file, output)));
    costs.fmt.push(time(() => run([process.execPath, program, "fmt", file], file, output)));
    if (readFileSync(output, "latin1") !== dump) throw new Error("fmt does not give the dump back");
    const parsed = spawnSync(process.execPath, ["--input-type=module", "-e", parseOnce, file]);
    costs.parse.push(Number(parsed.stdout.toString()));
  }
  const stdio = ["ignore", "ignore", "inherit", "pipe"] as const;
  const reported = spawnSync(process.execPath, ["--require", preload, program, "fmt", file], {
    stdio: [...stdio],
  });
  costs.megabytes = Number(reported.output[3]?.toString());
  return costs;
}

/** Prints what reading and printing long dumps costs as a whole process, beside iptables-legacy-restore reading the same file. */
export function benchLoad(): void {
  if (!existsSync(program)) {
    console.log(`long dumps: skipped, \`npm run build\` makes ${program}`);
    return;
  }
  const dumps: readonly (readonly [string, string])[] = [
    ["kube-proxy's nat table, 20,000 services", kubeDump(20_000)],
    ["access list of 160,000 rules", aclDump(160_000)],
  ];
  console.log(
    "\ndump | lines | `iptables-legacy-restore --test` | `netverdict fmt` | memory | parse and bind alone",
  );
  for (const [name, dump] of dumps) {
    const folder = mkdtempSync(join(tmpdir(), "netverdict-bench-"));
    try {
      const { restore, fmt, parse, megabytes } = measure(dump, folder);
      const theirs = median(restore);
      const shown = (values: readonly number[]): string => {
        const seconds = `${(median(values) / 1000).toFixed(2)} s`;
        return restore.length > 0 ? `${seconds} (${(median(values) / theirs).toFixed(2)})` : seconds;
      };
      const reference = restore.length > 0 ? `${(theirs / 1000).toFixed(2)} s` : "needs root";
      const lines = dump.split("\n").length - 1;
      console.log(
        `${name} | ${lines} | ${reference} | ${shown(fmt)} | ${megabytes.toFixed(0)} MB | ${shown(parse)}`,
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
