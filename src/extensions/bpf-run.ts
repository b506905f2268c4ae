import type { BpfInstruction } from "../arg-types/bpf-program.ts";

/** What lies at negative offsets. */
export interface Beyond {
  /** The frame's or packet's bytes there; `undefined` where there are none. */
  bytes(offset: number, size: 1 | 2 | 4): number | undefined;
  /** One of the packet's attributes, by its number in uapi/linux/filter.h (SKF_AD_*). */
  attribute(number: number, a: number, x: number): number;
}

/** SKF_AD_OFF: absolute loads from here on name an attribute. */
const attributes = -0x1000;

const sizes: Readonly<Record<number, 1 | 2 | 4>> = { 0: 4, 8: 2, 16: 1 };

/** A number of 1, 2 or 4 bytes in network order; `undefined` where the packet ends before. */
export function readNumber(bytes: Uint8Array, offset: number, size: 1 | 2 | 4): number | undefined {
  if (offset < 0 || offset + size > bytes.length) return undefined;
  let value = 0;
  for (let at = offset; at < offset + size; at++) value = value * 256 + bytes[at]!;
  return value;
}

/** `undefined`: a division by 0, which ends the program. */
function compute(operation: number, a: number, operand: number): number | undefined {
  switch (operation) {
    case 0x00:
      return (a + operand) >>> 0;
    case 0x10:
      return (a - operand) >>> 0;
    case 0x20:
      return Math.imul(a, operand) >>> 0;
    case 0x30:
      return operand === 0 ? undefined : Math.floor(a / operand);
    case 0x40:
      return (a | operand) >>> 0;
    case 0x50:
      return (a & operand) >>> 0;
    case 0x60:
      return (a << operand) >>> 0;
    case 0x70:
      return a >>> operand;
    case 0x80:
      return -a >>> 0;
    case 0x90:
      return operand === 0 ? undefined : a % operand;
    default:
      return (a ^ operand) >>> 0;
  }
}

function jumps(condition: number, a: number, operand: number): boolean {
  switch (condition) {
    case 0x10:
      return a === operand;
    case 0x20:
      return a > operand;
    case 0x30:
      return a >= operand;
    default:
      return (a & operand) !== 0;
  }
}

/**
 * Runs a program of classic BPF that `bpfFault` found sound, and gives what it returns. A read beyond the packet and a
 * division by 0 end it with 0 (net/core/filter.c).
 */
export function runBpf(program: readonly BpfInstruction[], bytes: Uint8Array, beyond: Beyond): number {
  let a = 0;
  let x = 0;
  const memory = new Uint32Array(16);
  const load = (offset: number, size: 1 | 2 | 4): number | undefined =>
    offset < 0 ? beyond.bytes(offset, size) : readNumber(bytes, offset, size);
  for (let at = 0; at < program.length; at++) {
    const { code, jt, jf, k } = program[at]!;
    let loaded: number | undefined = 0;
    switch (code & 7) {
      case 0:
        loaded = loadInto(code, k);
        if (loaded === undefined) return 0;
        a = loaded;
        break;
      case 1:
        if (code === 0xb1) {
          loaded = load(k | 0, 1);
          if (loaded === undefined) return 0;
          x = (loaded & 15) * 4;
        } else x = loadInto(code, k) ?? 0;
        break;
      case 2:
        memory[k] = a;
        break;
      case 3:
        memory[k] = x;
        break;
      case 4:
        loaded = compute(code & 0xf0, a, code & 8 ? x : k);
        if (loaded === undefined) return 0;
        a = loaded;
        break;
      case 5:
        at += code === 5 ? k : jumps(code & 0xf0, a, code & 8 ? x : k) ? jt : jf;
        break;
      case 6:
        return code & 0x10 ? a : k;
      default:
        if (code & 0x80) a = x;
        else x = a;
    }
  }
  return 0;

  function loadInto(code: number, k: number): number | undefined {
    switch (code & 0xe0) {
      case 0x00:
        return k;
      case 0x60:
        return memory[k];
      case 0x80:
        return bytes.length;
      case 0x40:
        return load((x + k) | 0, sizes[code & 0x18] ?? 4);
      default:
        if ((k | 0) < 0 && (k | 0) >= attributes) return beyond.attribute((k | 0) - attributes, a, x);
        return load(k | 0, sizes[code & 0x18] ?? 4);
    }
  }
}
