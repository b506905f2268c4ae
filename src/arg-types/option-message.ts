import type { ArgSite } from "./arg-type.ts";

/** How libxtables starts a message about an argument: `mark: `. */
export const ownerOf = (site: ArgSite): string => (site.extension ? `${site.extension}: ` : "");

/** How libxtables names the option whose argument it reads: `"--mark"`. */
export const optionOf = (site: ArgSite): string => `"--${site.option ?? ""}"`;

/** XTF_BAD_VALUE: what most extensions say of an argument that they cannot read. */
export const badValueMessage = (site: ArgSite, text: string): string =>
  `${ownerOf(site)}Bad value for ${optionOf(site)} option: "${text}"`;
