import { type ArgType, ok } from "./arg-type.ts";

/** Text of up to `max` bytes that iptables-save writes without quotes, even where it then cannot be read again. */
export const bareString = (
  placeholder: string,
  max: number,
  samples: readonly string[],
): ArgType<string> => ({
  placeholder,
  words: 1,
  parse([text = ""]) {
    const bytes = new TextEncoder().encode(text);
    // iptables cuts without a word
    return ok(bytes.length > max ? new TextDecoder().decode(bytes.subarray(0, max)) : text);
  },
  print: (text) => text,
  samples,
});
