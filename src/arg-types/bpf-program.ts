import { type ArgType, bad, ok, type Result } from "./arg-type.ts";
import { readDecimal } from "./decimal.ts";
import { ownerOf } from "./option-message.ts";

/** One instruction of classic BPF (struct sock_filter): 16, 8, 8 and 32 bits. */
export interface BpfInstruction {
  readonly code: number;
  readonly jt: number;
  readonly jf: number;
  readonly k: number;
}

/** XT_BPF_MAX_NUM_INSTR. */
const most = 64;

/** `code jt jf k`; each number loses what its field has no room for, and what stands behind it is passed over. */
function parseInstruction(text: string): BpfInstruction | undefined {
  const found = /^\s*([+-]?\d+)\s+([+-]?\d+)\s+([+-]?\d+)\s+([+-]?\d+)/.exec(text);
  if (!found) return undefined;
  const field = (index: number, bits: number) =>
    Number(BigInt.asUintN(bits, BigInt(found[index]!.replace("+", ""))));
  return { code: field(1, 16), jt: field(2, 8), jf: field(3, 8), k: field(4, 32) };
}

function parseProgram(text: string): string | readonly BpfInstruction[] {
  const length = readDecimal(text);
  if (length.rest === text || !length.rest.startsWith(",")) return "error parsing program length";
  // the field has 16 bits, and the check comes behind it
  const count = length.value === Infinity || length.value >= 2 ** 32 ? most + 1 : length.value % 65536;
  if (count === 0) return "illegal zero length program";
  if (count > most) return "number of instructions exceeds maximum";
  const lines = length.rest.slice(1).split(",");
  if (lines.at(-1) === "") lines.pop();
  const program: BpfInstruction[] = [];
  for (const [index, line] of lines.entries()) {
    if (index === count) return "real program length exceeds the encoded length parameter";
    const instruction = parseInstruction(line);
    if (!instruction) return `error at instr ${index}`;
    program.push(instruction);
  }
  return program.length === count
    ? program
    : "parsed program length is less than the encoded length parameter";
}

/** A program as `nfbpf_compile` writes it: its length, then the instructions, with commas (libxt_bpf.c). */
export const bpfProgram: ArgType<readonly BpfInstruction[]> = {
  placeholder: "length,code jt jf k,...",
  words: 1,
  parse([text = ""], site): Result<readonly BpfInstruction[]> {
    const program = parseProgram(text);
    return typeof program === "string" ? bad(`${ownerOf(site)}${program}`) : ok(program);
  },
  print: (program) =>
    `"${program.length},${program.map(({ code, jt, jf, k }) => `${code} ${jt} ${jf} ${k}`).join(",")}"`,
  samples: [
    [{ code: 6, jt: 0, jf: 0, k: 65535 }],
    [
      { code: 0x30, jt: 0, jf: 0, k: 9 },
      { code: 0x15, jt: 0, jf: 1, k: 6 },
      { code: 6, jt: 0, jf: 0, k: 1 },
      { code: 6, jt: 0, jf: 0, k: 0 },
    ],
  ],
};
