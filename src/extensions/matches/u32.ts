import { type U32Test, u32Tests } from "../../arg-types/u32-tests.ts";
import { and, invertIf, opaque } from "../../formula/formula.ts";
import { defineMatch } from "../extension.ts";
import { kernelRefuses } from "../problem.ts";

/** The 32-bit word at an offset, -1 where the packet ends before it. */
function wordAt(bytes: Uint8Array, offset: number): number {
  if (offset + 4 > bytes.length) return -1;
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(offset);
}

/** u32_match_it: shifts and masks of 32 bits; `@` moves the point from which offsets count. */
function holds(bytes: Uint8Array, { start, steps, values }: U32Test): boolean {
  let origin = 0;
  let value = wordAt(bytes, start);
  if (value < 0) return false;
  for (const { operator, operand } of steps) {
    switch (operator) {
      case "&":
        value = (value & operand) >>> 0;
        break;
      case "<<":
        value = (value << operand) >>> 0;
        break;
      case ">>":
        value >>>= operand;
        break;
      case "@":
        origin += value;
        value = wordAt(bytes, origin + operand);
        if (value < 0) return false;
    }
  }
  return values.some(([low, high]) => value >= low && value <= high);
}

export const u32 = defineMatch({
  name: "u32",
  summary: "32-bit words anywhere in the packet, found by offsets, masks, shifts and jumps",
  options: {
    u32: {
      arg: u32Tests,
      help: "location=value[:value][,…], several with &&; a location is an offset with & << >> @ steps",
      invertible: true,
      required: true,
    },
  },
  check({ u32: { value } }) {
    const shift = value
      .flatMap(({ steps }) => steps)
      .find(({ operator, operand }) => operator.length === 2 && operand > 31);
    if (!shift) return [];
    return [kernelRefuses(`a shift by ${shift.operand} bits; at most 31 are possible`, { option: "u32" })];
  },
  meaning({ u32: { value, inverted } }, site) {
    const tests = value.map((test) => {
      const key = `u32 ${u32Tests.print([test], { family: site.family, protocol: undefined })}`;
      return opaque(key, ({ packet }) => holds(packet.bytes, test));
    });
    return invertIf(inverted, and(...tests));
  },
  examples: [
    {
      rule: '-m u32 --u32 "6 & 0xFF = 1 && 4&0x3FFF=0" -j DROP',
      saves: '-m u32 --u32 "0x6&0xff=0x1&&0x4&0x3fff=0x0" -j DROP',
    },
    {
      rule: '-m u32 ! --u32 "0>>22&0x3C@8>>24=0:3,17"',
      saves: '-m u32 ! --u32 "0x0>>0x16&0x3c@0x8>>0x18=0x0:0x3,0x11"',
    },
    { rule: '-m u32 --u32 "6&0xFF"', refused: "bad-value" },
    { rule: '-m u32 --u32 "0>>33=1"', refused: "kernel-refuses" },
    { rule: "-m u32", refused: "option-missing" },
  ],
});
