import { didYouMean as nearest } from "../diagnostics/did-you-mean.ts";

/** A diagnostic's help where a word is near to one that would do. */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  const near = nearest(word, candidates);
  return near === undefined ? undefined : `did you mean \`${near}\`?`;
}
