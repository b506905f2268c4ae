/**
 * Records anew what the installed iptables-legacy does with the lines of the JSON files beside this one. Run it as root:
 *   node --import tsx test/model/recorded/record.ts
 * To add a case, write its name and lines into a file and record. All happens in network namespaces of its own.
 */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { plainMessage, type RecordedCase, type RecordedFile } from "./recording.ts";

const separator = "=====";

function inNamespace(script: string): string {
  const { stdout } = spawnSync("unshare", ["-n", "sh"], { input: script, encoding: "utf8" });
  return stdout;
}

const savedLines = (text: string): string[] =>
  text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));

function recordScript(one: RecordedCase, program: string): RecordedCase {
  const commands = one.lines.map(
    (line) => `${program}-legacy ${line} 2>&1 >/dev/null; echo "${separator}$?"`,
  );
  const output = inNamespace([...commands, `${program}-legacy-save -c`].join("\n"));
  const parts = output.split(new RegExp(`${separator}(\\d+)\n`));
  const refused: Record<string, string> = {};
  one.lines.forEach((_, index) => {
    if (parts[2 * index + 1] !== "0") refused[index] = plainMessage(parts[2 * index] ?? "");
  });
  return { ...one, refused, saved: savedLines(parts.at(-1) ?? "") };
}

function recordRestore(one: RecordedCase, program: string): RecordedCase {
  const body = [...one.lines, ""].join("\n");
  const restore = `${program}-legacy-restore -c 2>&1 <<'${separator}'\n${body}${separator}\necho "${separator}$?"`;
  const output = inNamespace(`${restore}\n${program}-legacy-save -c`);
  const [message = "", status, saved = ""] = output.split(new RegExp(`${separator}(\\d+)\n`));
  const refused: Record<string, string> = status === "0" ? {} : { "-1": plainMessage(message) };
  return { ...one, refused, saved: savedLines(saved) };
}

const folder = new URL(".", import.meta.url);
for (const name of readdirSync(folder).filter((file) => file.endsWith(".json"))) {
  const file = new URL(name, folder);
  const recorded: RecordedFile = JSON.parse(readFileSync(file, "utf8"));
  const program = recorded.family === "ipv4" ? "iptables" : "ip6tables";
  const record = recorded.form === "script" ? recordScript : recordRestore;
  const cases = recorded.cases.map((one) => record(one, program));
  writeFileSync(file, `${JSON.stringify({ ...recorded, cases }, undefined, 1)}\n`);
}
