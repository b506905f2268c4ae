import type { HeaderOption } from "../arg-types/header-options.ts";
import { headerOptions } from "../arg-types/header-options.ts";
import { integer } from "../arg-types/integer.ts";
import { findHeader } from "../packet/find-header.ts";
import type { Packet } from "../packet/packet.ts";
import type { Arg } from "./extension.ts";
import type { Judgement } from "./judged.ts";

/** The argument of `--hbh-len` and `--dst-len`. */
export const optionsLength = integer({ min: 0, max: 2 ** 32 - 1 });
export const optionsList = headerOptions;

/** Options as the header lists them from its start on (hbh_mt6 in ip6t_hbh.c, which serves both headers). */
function startsWith(bytes: Uint8Array, start: number, end: number, wanted: readonly HeaderOption[]): boolean {
  let at = start;
  for (const [index, { type, length }] of wanted.entries()) {
    // the kernel looks at the packet's end and at the header's: the latter never lies behind the former here
    if (at >= end || bytes[at] !== type) return false;
    let size = 1;
    if (type !== 0) {
      const own = at + 1 < end ? bytes[at + 1] : undefined;
      if (own === undefined || (length !== undefined && own !== length)) return false;
      size = own + 2;
    }
    if (at + size > end && index < wanted.length - 1) return false;
    at += size;
  }
  return true;
}

/** Hop-by-hop (0) or destination options (60): the header's length in bytes and the options that it begins with. */
export function judgeOptions(
  { bytes }: Packet,
  kind: 0 | 60,
  length: Arg<number> | undefined,
  options: Arg<readonly HeaderOption[]> | undefined,
): Judgement {
  const at = findHeader(bytes, kind);
  if (at === "absent") return false;
  if (at === "malformed") return at;
  const size = (bytes[at + 1]! + 1) * 8;
  if (bytes.length - at < size) return "malformed";
  if (length && (size === length.value) === length.inverted) return false;
  return !options || startsWith(bytes, at + 2, at + size, options.value);
}
