/** How a file's bytes were read, so that they can be written again unchanged. */
export type Encoding = "utf8" | "latin1";

/** Reads bytes as UTF-8 or, where they are none, byte by byte: iptables does not care, and a comment may hold anything. */
export function decodeText(bytes: Uint8Array): { readonly text: string; readonly encoding: Encoding } {
  try {
    return {
      text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes),
      encoding: "utf8",
    };
  } catch {
    return { text: Buffer.from(bytes).toString("latin1"), encoding: "latin1" };
  }
}

export const encodeText = (text: string, encoding: Encoding): Uint8Array => Buffer.from(text, encoding);
