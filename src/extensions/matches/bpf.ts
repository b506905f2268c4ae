import { bareString } from "../../arg-types/bare-string.ts";
import { bpfProgram } from "../../arg-types/bpf-program.ts";
import { never, opaque } from "../../formula/formula.ts";
import { beyondPacket } from "../bpf-beyond.ts";
import { bpfFault } from "../bpf-check.ts";
import { runBpf } from "../bpf-run.ts";
import { defineMatch } from "../extension.ts";
import { kernelRefuses, missing } from "../problem.ts";
import { told } from "../told.ts";

export const bpf = defineMatch({
  name: "bpf",
  summary: "A program of classic BPF, run on the packet from its IP header on, returns something else than 0",
  options: {
    bytecode: {
      arg: bpfProgram,
      help: "the program, as `nfbpf_compile` or `tcpdump -ddd` writes it with commas",
    },
    "object-pinned": {
      arg: bareString("path", 511, ["/sys/fs/bpf/filter"]),
      help: "an eBPF program of the host; it is not known here and taken as not matching",
    },
  },
  check({ bytecode, "object-pinned": pinned }) {
    if (!bytecode && !pinned) {
      return [missing("bpf: one of --bytecode or --pinned is required")];
    }
    const fault = bytecode && !pinned && bpfFault(bytecode.value);
    return fault ? [kernelRefuses(fault, { option: "bytecode" })] : [];
  },
  meaning({ bytecode, "object-pinned": pinned }) {
    if (pinned) {
      const assumption = `the eBPF program ${pinned.value} is not known: it is taken as not matching`;
      return told(`${pinned.value} matches`, () => undefined, false, assumption);
    }
    if (!bytecode) return never;
    const { value: program } = bytecode;
    const key = `BPF ${bpfProgram.print(program, { family: "ipv4", protocol: undefined })}`;
    return opaque(key, (context) => runBpf(program, context.packet.bytes, beyondPacket(context)) !== 0);
  },
  examples: [
    {
      rule: "-m bpf --bytecode '4,48 0 0 9,21 0 1 6,6 0 0 1,6 0 0 0,' -j ACCEPT",
      saves: '-m bpf --bytecode "4,48 0 0 9,21 0 1 6,6 0 0 1,6 0 0 0" -j ACCEPT',
    },
    {
      rule: '-m bpf --bytecode "4,48 0 0 9,21 0 1 6,6 0 0 1,6 0 0 0"',
      packet: "-p tcp --syn",
      matches: true,
    },
    { rule: '-m bpf --bytecode "4,48 0 0 9,21 0 1 6,6 0 0 1,6 0 0 0"', packet: "-p udp", matches: false },
    { rule: '-m bpf --bytecode "2,6 0 0 1"', refused: "bad-value" },
    { rule: '-m bpf --bytecode "1,48 0 0 9"', refused: "kernel-refuses" },
    { rule: "-m bpf", refused: "option-missing" },
  ],
});
