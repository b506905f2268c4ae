/**
 * The library: rule sets from text, machines from rule sets, traces from packets. No files, clocks or randomness: times
 * are seconds since 1970 that the caller gives, packets and frames are `Uint8Array`s.
 */
export { checkExpectation, type Disappointment, type Expectation } from "./analyse/expectation.ts";
export type { ListedConnection } from "./conntrack/listed-connection.ts";
export { parseConnections } from "./conntrack/parse-connections.ts";
export { type DiagnosticCode, diagnosticCodes } from "./diagnostics/codes.ts";
export type { Diagnostic, Severity, Source, Span } from "./diagnostics/diagnostic.ts";
export { renderDiagnostic } from "./diagnostics/render.ts";
export { Machine, type MachineOptions, type RunOptions } from "./evaluate/machine.ts";
export { type Recording, readRecording } from "./evaluate/recording.ts";
export type { Decision, EmittedFrame, Fate, RulePlace, Trace, TraceEvent } from "./evaluate/trace.ts";
export { type PacketVerdict, type Verification, verifyRecording } from "./evaluate/verify.ts";
export { type AssumedPath, assumedHost } from "./host/assumed-host.ts";
export type { Host } from "./host/host.ts";
export { hostFromIpJson, type IpJson } from "./host/ip-json.ts";
export { type Ipsets, setFamilies } from "./host/ipset/ipsets.ts";
export { parseIpsets } from "./host/ipset/parse-ipsets.ts";
export { composePacket, type WordedPacket } from "./model/packet-words.ts";
export { type ParseOptions, parseRuleset } from "./model/parse-ruleset.ts";
export { type PrintOptions, printRuleset } from "./model/print.ts";
export { printRule } from "./model/print-rule.ts";
export type { Chain, Rule, Ruleset, Table } from "./model/ruleset.ts";
export type { Address, Family } from "./packet/address.ts";
export { buildFrame } from "./packet/ethernet.ts";
export { replyTo } from "./packet/reply.ts";
export { type PacketSummary, summarise } from "./packet/summary.ts";
export { traceJson } from "./report/trace-json.ts";
export { traceText } from "./report/trace-text.ts";
