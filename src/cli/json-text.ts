/** A result as the commands print JSON: indented, with a newline at its end. */
export const jsonText = (value: object): string => `${JSON.stringify(value, undefined, 2)}\n`;
