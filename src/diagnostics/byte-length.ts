const encoder = new TextEncoder();

/** Bytes of a text in UTF-8. Names and words are nearly always ASCII, which needs no encoding to be counted. */
export function byteLength(text: string): number {
  for (let at = 0; at < text.length; at++) {
    if (text.charCodeAt(at) > 0x7f) return encoder.encode(text).length;
  }
  return text.length;
}
