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

/** Prints what the first reading in a process takes, as `Run` has it. */
const parseOnce = `
import { readFileSync } from "node:fs";
import { parseRuleset } from ${JSON.stringify(library)};
const text = readFileSync(process.argv[1], "latin1");
const start = performance.now();
const before = process.cpuUsage();
parseRuleset(text, { family: "ipv4" });
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ wall: performance.now() - start, processor: (user + system) / 1000 }));
`;
/** Says on descriptor 3 how many megabytes the process had at most. */
const reporter = `process.on("exit", () => {
  require("node:fs").writeSync(3, String(process.resourceUsage().maxRSS / 1024));
});`;

/** Milliseconds of processor time that finished child processes took until now (proc_pid_stat(5): cutime and cstime, in 1/100 s). */
function childTime(): number {
  const fields = readFileSync("/proc/self/stat", "utf8").split(") ")[1]?.split(" ") ?? [];
  return 10 * (Number(fields[13]) + Number(fields[14]));
}

/** What one run takes: milliseconds, and those of processor time, which say more where others use the machine as well. */
interface Run {
  readonly wall: number;
  readonly processor: number;
}

function measured(work: () => void): Run {
  const before = childTime();
  const wall = time(work);
  return { wall, processor: childTime() - before };
}

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
  readonly restore: Run[];
  readonly fmt: Run[];
  readonly parse: Run[];
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
    if (compare) costs.restore.push(measured(() => void run(restore, file, output)));
    costs.fmt.push(measured(() => void run([process.execPath, program, "fmt", file], file, output)));
    if (readFileSync(output, "latin1") !== dump) throw new Error("fmt does not give the dump back");
    const parsed = spawnSync(process.execPath, ["--input-type=module", "-e", parseOnce, file]);
    costs.parse.push(JSON.parse(parsed.stdout.toString()));
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
    "\ndump | lines | `iptables-legacy-restore --test` | `netverdict fmt` | parse and bind alone | memory",
  );
  for (const [name, dump] of dumps) {
    const folder = mkdtempSync(join(tmpdir(), "netverdict-bench-"));
    try {
      const { restore, fmt, parse, megabytes } = measure(dump, folder);
      const [theirs, ours, alone] = [restore, fmt, parse].map((runs) => ({
        wall: median(runs.map(({ wall }) => wall)),
        processor: median(runs.map(({ processor }) => processor)),
      }));
      if (!theirs || !ours || !alone) throw new Error("no figures");
      const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
      const beside = ({ wall, processor }: Run): string => {
        const ratios = [wall / theirs.wall, processor / theirs.processor].map((ratio) => ratio.toFixed(2));
        return `${seconds(wall)} (${ratios[0]}; processor ${ratios[1]})`;
      };
      const lines = dump.split("\n").length - 1;
      const columns =
        restore.length > 0
          ? [seconds(theirs.wall), beside(ours), beside(alone)]
          : ["needs root", seconds(ours.wall), seconds(alone.wall)];
      console.log([name, lines, ...columns, `${megabytes.toFixed(0)} MB`].join(" | "));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
