/** A text in double quotes, as xtables_save_string writes one that needs them. */
export const quoteString = (text: string): string => `"${text.replace(/["'\\]/g, "\\$&")}"`;
