import type { BpfInstruction } from "../arg-types/bpf-program.ts";

/** Every instruction that classic BPF has (chk_code_allowed, net/core/filter.c). */
const known: ReadonlySet<number> = new Set([
  // ld and ldx: word, half, byte; absolute, indirect, immediate, memory, length; 4*([k]&15)
  ...[0x20, 0x28, 0x30, 0x40, 0x48, 0x50, 0x00, 0x60, 0x80, 0x01, 0x61, 0x81, 0xb1],
  // st, stx, tax, txa, return of k and of A
  ...[0x02, 0x03, 0x07, 0x87, 0x06, 0x16],
  // add, sub, mul, div, or, and, lsh, rsh, xor, mod with k and with X; neg
  ...[0x04, 0x14, 0x24, 0x34, 0x44, 0x54, 0x64, 0x74, 0xa4, 0x94].flatMap((code) => [code, code | 8]),
  0x84,
  // ja; jeq, jgt, jge, jset with k and with X
  ...[0x05, 0x15, 0x1d, 0x25, 0x2d, 0x35, 0x3d, 0x45, 0x4d],
]);

const [divK, modK, shiftLeftK, shiftRightK, jump] = [0x34, 0x94, 0x64, 0x74, 0x05];
const memory: Readonly<Record<"load" | "store", readonly number[]>> = {
  load: [0x60, 0x61],
  store: [0x02, 0x03],
};
const isJump = (code: number): boolean => (code & 7) === 5;
const isReturn = (code: number): boolean => code === 0x06 || code === 0x16;

/** Why the kernel does not load a program (bpf_check_classic); `undefined` where it does. */
export function bpfFault(program: readonly BpfInstruction[]): string | undefined {
  for (const [at, instruction] of program.entries()) {
    const fault = faultOf(instruction, at, program.length);
    if (fault !== undefined) return `instruction ${at}: ${fault}`;
  }
  const last = program.at(-1);
  if (!last || !isReturn(last.code)) return "the program does not end with a return";
  return unsetMemory(program);
}

function faultOf({ code, jt, jf, k }: BpfInstruction, at: number, length: number): string | undefined {
  if (!known.has(code)) return `there is no instruction 0x${code.toString(16)}`;
  if ((code === divK || code === modK) && k === 0) return "a division by 0";
  if ((code === shiftLeftK || code === shiftRightK) && k >= 32) return `a shift by ${k} bits`;
  if ([...memory.load, ...memory.store].includes(code) && k >= 16) return `there is no memory word ${k}`;
  if (code === jump) return k >= length - at - 1 ? "a jump out of the program" : undefined;
  if (isJump(code) && Math.max(jt, jf) + at + 1 >= length) return "a jump out of the program";
  // offsets from -4096 on are the packet's attributes, of which there are 16
  const attribute = k - 2 ** 32 + 4096;
  if ([0x20, 0x28, 0x30].includes(code) && attribute >= 0 && (attribute >= 64 || attribute % 4 !== 0))
    return `there is no attribute ${attribute}`;
  return undefined;
}

/** Memory must be written on every way to where it is read (check_load_and_stores). */
function unsetMemory(program: readonly BpfInstruction[]): string | undefined {
  const onEntry = program.map(() => 0xffff);
  let valid = 0;
  for (const [at, { code, jt, jf, k }] of program.entries()) {
    valid &= onEntry[at]!;
    if (memory.store.includes(code)) valid |= 1 << k;
    else if (memory.load.includes(code)) {
      if (((valid >> k) & 1) === 0) return `instruction ${at}: memory word ${k} is read before it is written`;
    } else if (isJump(code)) {
      for (const target of code === jump ? [k] : [jt, jf]) onEntry[at + 1 + target]! &= valid;
      valid = 0xffff;
    }
  }
  return undefined;
}
