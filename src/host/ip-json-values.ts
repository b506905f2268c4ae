/** Reads members of `ip -j` objects; what is absent or of another type is `undefined`. */
export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const textOf = (object: JsonObject, key: string): string | undefined => {
  const value = object[key];
  return typeof value === "string" ? value : undefined;
};

/** A number, or a text of one, hexadecimal with 0x. */
export const numberOf = (object: JsonObject, key: string): number | undefined => {
  const value = object[key];
  if (typeof value === "number") return value;
  if (typeof value !== "string" || !/^(0x[0-9a-f]+|\d+)$/i.test(value)) return undefined;
  return Number(value);
};

export const listOf = (object: JsonObject, key: string): readonly unknown[] => {
  const value = object[key];
  return Array.isArray(value) ? value : [];
};

/** Six bytes; `undefined` where the text is no MAC. */
export function macOf(text: string | undefined): Uint8Array | undefined {
  if (text === undefined || !/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(text)) return undefined;
  return Uint8Array.from(text.split(":"), (byte) => Number.parseInt(byte, 16));
}

/** A list's entries, read one by one; what cannot be read is told and left out. */
export function readEntries<T>(
  value: unknown,
  what: string,
  read: (entry: JsonObject) => T | string,
  tell: (problem: string) => void,
): readonly T[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    tell(`${what}: not a list of objects; nothing of it is read`);
    return [];
  }
  return value.flatMap((entry: unknown, index) => {
    // `ip -j` writes empty objects for what its filters leave out
    if (isObject(entry) && Object.keys(entry).length === 0) return [];
    const result = isObject(entry) ? read(entry) : "no object";
    if (typeof result !== "string") return [result];
    tell(`${what}: entry ${index + 1} is left out: ${result}`);
    return [];
  });
}
