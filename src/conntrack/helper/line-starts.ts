import { isAfter, isBefore } from "../tcp/segment.ts";

/** Ends of lines that the helper remembers in each direction (NUM_SEQ_TO_REMEMBER). */
const mostRemembered = 2;

/**
 * The sequence numbers at which a line begins, as far as one direction of a control connection has shown them: only there
 * may a command stand (find_nl_seq and update_nl_seq, nf_conntrack_ftp.c).
 */
export class LineStarts {
  private readonly starts: number[] = [];

  has(sequence: number): boolean {
    return this.starts.includes(sequence);
  }

  /** A segment ended a line: the next one begins at `sequence`. The older of the two known gives way to a later one. */
  add(sequence: number): void {
    const { starts } = this;
    if (starts.includes(sequence)) return;
    if (starts.length < mostRemembered) {
      starts.push(sequence);
      return;
    }
    const oldest = isBefore(starts[0]!, starts[1]!) ? 0 : 1;
    if (isAfter(sequence, starts[oldest]!)) starts[oldest] = sequence;
  }
}
