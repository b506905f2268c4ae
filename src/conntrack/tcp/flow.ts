import type { Direction } from "../../packet/connection.ts";
import { offsetOf, type Records, recordSize } from "./records.ts";
import { type SegmentKind, segmentKinds, type TcpState, tcpStates } from "./states.ts";

/** Bits of `TcpSide.flags` and `TcpFlow.lastFlags` (IP_CT_TCP_FLAG_*, nf_conntrack_tcp.h). */
export const tcpFlag = {
  windowScale: 0x01,
  sackPermitted: 0x02,
  closeInit: 0x04,
  beLiberal: 0x08,
  dataUnacknowledged: 0x10,
  maxAckSet: 0x20,
  expectChallengeAck: 0x40,
  simultaneousOpen: 0x80,
} as const;

/** What is known of one side of a connection (struct ip_ct_tcp_state). */
export interface TcpSide {
  /** Highest sequence number behind anything it sent. */
  end: number;
  /** Highest sequence number behind anything it may send: acknowledgement plus window of the other side. */
  maxEnd: number;
  /** Largest window that it offered, at least 1; 0 before anything is known of it. */
  maxWindow: number;
  maxAck: number;
  scale: number;
  flags: number;
}

/** Where a flow's record has what: five words of each side, then those of the last segment. */
const word = {
  original: 0,
  reply: 5,
  lastSequence: 10,
  lastAck: 11,
  lastEnd: 12,
  lastWindow: 13,
  last: 14,
  state: 15,
};

/**
 * TCP's part of a connection (struct ip_ct_tcp). Of a million connections, each number in a field of its own would take twice
 * the memory: they lie in a record, a word each, the small ones in parts of a word.
 */
export class TcpFlow {
  /** The record is alone in them, or one of those of a table. */
  private words: Uint32Array = new Uint32Array(recordSize);
  private place = 0;

  /** What goes into a table has its record among the table's from now on. */
  moveTo(records: Records): void {
    const place = records.take();
    const words = records.chunk(place);
    words.set(this.copyOfRecord(), offsetOf(place));
    this.words = words;
    this.place = place;
  }

  /** What leaves a table takes its record with it. */
  moveFrom(records: Records): void {
    const { place } = this;
    this.words = this.copyOfRecord();
    this.place = 0;
    records.giveBack(place);
  }

  private copyOfRecord(): Uint32Array {
    const start = offsetOf(this.place);
    return this.words.slice(start, start + recordSize);
  }

  read(at: number): number {
    return this.words[offsetOf(this.place) + at]!;
  }

  write(at: number, value: number): void {
    this.words[offsetOf(this.place) + at] = value;
  }

  side(direction: Direction): TcpSide {
    return new RecordedSide(this, word[direction]);
  }

  get state(): TcpState {
    return tcpStates[this.read(word.state)]!;
  }
  set state(state: TcpState) {
    this.write(word.state, tcpStates.indexOf(state));
  }

  /** Of the last segment that counted: its direction and kind, and of the last plain ACK (or ignored segment) its numbers. */
  get lastDirection(): Direction {
    return this.read(word.last) & 1 ? "reply" : "original";
  }
  set lastDirection(direction: Direction) {
    this.writePart(word.last, 0, 1, direction === "reply" ? 1 : 0);
  }

  get lastKind(): SegmentKind {
    return segmentKinds[this.readPart(word.last, 4, 0xf)]!;
  }
  set lastKind(kind: SegmentKind) {
    this.writePart(word.last, 4, 0xf, segmentKinds.indexOf(kind));
  }

  get lastSequence(): number {
    return this.read(word.lastSequence);
  }
  set lastSequence(sequence: number) {
    this.write(word.lastSequence, sequence);
  }

  get lastAck(): number {
    return this.read(word.lastAck);
  }
  set lastAck(acknowledgement: number) {
    this.write(word.lastAck, acknowledgement);
  }

  get lastEnd(): number {
    return this.read(word.lastEnd);
  }
  set lastEnd(end: number) {
    this.write(word.lastEnd, end);
  }

  get lastWindow(): number {
    return this.readPart(word.lastWindow, 0, 0xffff);
  }
  set lastWindow(window: number) {
    this.writePart(word.lastWindow, 0, 0xffff, window);
  }

  /** How often the last ACK came again; it is not counted any further than 65535. */
  get retransmissions(): number {
    return this.readPart(word.lastWindow, 16, 0xffff);
  }
  set retransmissions(count: number) {
    this.writePart(word.lastWindow, 16, 0xffff, Math.min(count, 0xffff));
  }

  /** Of an ignored SYN, with which conntrack gets in step again once a SYN/ACK answers it. */
  get lastScale(): number {
    return this.readPart(word.last, 8, 0xff);
  }
  set lastScale(scale: number) {
    this.writePart(word.last, 8, 0xff, scale);
  }

  get lastFlags(): number {
    return this.readPart(word.last, 16, 0xff);
  }
  set lastFlags(flags: number) {
    this.writePart(word.last, 16, 0xff, flags);
  }

  readPart(at: number, shift: number, mask: number): number {
    return (this.read(at) >>> shift) & mask;
  }

  writePart(at: number, shift: number, mask: number, value: number): void {
    this.write(at, (this.read(at) & ~(mask << shift)) | ((value & mask) << shift));
  }
}

/** One side as it lies in a flow's record. */
class RecordedSide implements TcpSide {
  private readonly flow: TcpFlow;
  private readonly start: number;

  constructor(flow: TcpFlow, start: number) {
    this.flow = flow;
    this.start = start;
  }

  get end(): number {
    return this.flow.read(this.start);
  }
  set end(end: number) {
    this.flow.write(this.start, end);
  }

  get maxEnd(): number {
    return this.flow.read(this.start + 1);
  }
  set maxEnd(end: number) {
    this.flow.write(this.start + 1, end);
  }

  get maxWindow(): number {
    return this.flow.read(this.start + 2);
  }
  set maxWindow(window: number) {
    this.flow.write(this.start + 2, window);
  }

  get maxAck(): number {
    return this.flow.read(this.start + 3);
  }
  set maxAck(acknowledgement: number) {
    this.flow.write(this.start + 3, acknowledgement);
  }

  get scale(): number {
    return this.flow.readPart(this.start + 4, 8, 0xff);
  }
  set scale(scale: number) {
    this.flow.writePart(this.start + 4, 8, 0xff, scale);
  }

  get flags(): number {
    return this.flow.readPart(this.start + 4, 0, 0xff);
  }
  set flags(flags: number) {
    this.flow.writePart(this.start + 4, 0, 0xff, flags);
  }
}
