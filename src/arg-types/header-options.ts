import { type ArgSite, type ArgType, bad, ok, type Result } from "./arg-type.ts";
import { ownerOf } from "./option-message.ts";

/** One option of a hop-by-hop or destination options header; without a length any will do. */
export interface HeaderOption {
  readonly type: number;
  readonly length: number | undefined;
}

/** IP6T_OPTS_OPTSNR. */
const most = 16;
/** As a length it stands for any. */
const anyLength = 0xff;

/** A number as strtoul(3) with base 0 reads it, of which 8 bits are kept (parse_opts_num). */
function byte(text: string, what: "opt" | "length", site: ArgSite): Result<number> {
  const found = /^[\t-\r ]*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)/.exec(text);
  const [whole = "", sign, digits = ""] = found ?? [];
  if (!found) return bad(`${ownerOf(site)}no valid digits in ${what} \`${text}'`);
  const value = BigInt(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits);
  if (value >= 1n << 64n) return bad(`${what} \`${text}' specified too big: would overflow`);
  if (whole.length !== text.length) return bad(`${ownerOf(site)}error parsing ${what} \`${text}'`);
  return ok(Number(BigInt.asUintN(8, sign === "-" ? -value : value)));
}

/** What iptables says of padding of one byte with a length; libip6t_hbh.c and libip6t_dst.c differ. */
const lengthOfPad0 = (site: ArgSite): string =>
  `PAD0 ${site.extension === "dst" ? "hasn't" : "has not"} got length`;

/** `type[:length],…` as they stand in the header (libip6t_hbh.c, libip6t_dst.c). */
export const headerOptions: ArgType<readonly HeaderOption[]> = {
  placeholder: "type[:length][,...]",
  words: 1,
  parse([text = ""], site) {
    const options: HeaderOption[] = [];
    for (const word of text.split(",")) {
      if (options.length === most) return bad("too many addresses specified", `at most ${most} options`);
      const colon = word.indexOf(":");
      const type = byte(colon < 0 ? word : word.slice(0, colon), "opt", site);
      if (!type.ok) return type;
      if (colon >= 0 && type.value === 0) return bad(lengthOfPad0(site));
      const length = colon < 0 ? ok(anyLength) : byte(word.slice(colon + 1), "length", site);
      if (!length.ok) return length;
      options.push({ type: type.value, length: length.value === anyLength ? undefined : length.value });
    }
    return ok(options);
  },
  print: (options) =>
    options.map(({ type, length }) => (length === undefined ? `${type}` : `${type}:${length}`)).join(","),
  samples: [
    [{ type: 0, length: undefined }],
    [
      { type: 1, length: 4 },
      { type: 255, length: 254 },
      { type: 5, length: undefined },
    ],
  ],
};
