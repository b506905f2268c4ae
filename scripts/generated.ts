/** A file that is made from the source and committed; a test holds it fresh. */
export interface Generated {
  /** From the repository's root. */
  readonly path: string;
  produce(): string;
}
