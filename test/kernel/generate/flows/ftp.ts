import { printAddress } from "../../../../src/packet/address.ts";
import type { Dice } from "../dice.ts";
import { type Ends, type Flow, type FlowRule, FlowWriter, makeEnds } from "../flow.ts";
import { elsewhere } from "../places.ts";
import { tcpBytes } from "../transport.ts";
import { Dialogue } from "./dialogue.ts";

/** FTP (RFC 959, RFC 2428): a control connection that a helper reads, and data connections that it announces. */
export function ftpFlow(dice: Dice): Flow {
  const ends: Ends = { ...makeEnds(dice, 6), destinationPort: dice.maybe(0.9) ? 21 : 2121, ttl: 64 };
  const writer = new FlowWriter(dice, ends);
  const control = new Dialogue(writer, dice, (segment) => {
    writer.send(tcpBytes(ends.sourcePort, ends.destinationPort, segment));
    return 0;
  });
  control.shakeHands();
  if (dice.maybe(0.4)) control.text("other", "220 ready\r\n");
  if (dice.maybe(0.3)) {
    control.text("opener", "USER x\r\n");
    control.text("other", "230 welcome\r\n");
  }
  const also: Ends[] = [];
  for (
    let rest = dice.weighed([
      [4, 1],
      [2, 2],
      [0.5, 3],
    ] as const);
    rest > 0;
    rest--
  ) {
    also.push(transfer(dice, writer, control));
    if (dice.maybe(0.3)) control.text("other", "226 done\r\n");
  }
  if (dice.maybe(0.3)) control.close();
  return { ...writer.flow, also, rules: rulesFor(dice, ends) };
}

/** One transfer: an announcement and mostly the connection that it announces, whose ends are given. */
function transfer(dice: Dice, writer: FlowWriter, control: Dialogue): Ends {
  const { ends } = writer;
  const port = dice.weighed([
    [8, dice.between(1024, 65000)],
    [1, dice.of([20, 80, 255, 256, 65535])],
    [0.3, 0],
  ]);
  const passive = dice.maybe(0.5);
  const announced = passive ? announcePassive(dice, control, port) : announceActive(dice, control, port);
  const from = passive ? dice.between(1024, 65000) : 20;
  const dataEnds: Ends = passive
    ? { ...ends, sourcePort: from, destinationPort: port }
    : { ...ends, client: ends.server, server: ends.client, sourcePort: from, destinationPort: port };
  // a second one is not expected any more
  for (
    let rest = dice.weighed([
      [0.6, 0],
      [6, 1],
      [0.8, 2],
    ] as const);
    rest > 0;
    rest--
  ) {
    const opener = from + rest - 1;
    const data = new Dialogue(writer, dice, (segment) =>
      writer.reply(announced, { kind: "tcp", segment, ports: [opener, port] }),
    );
    if (dice.maybe(0.15)) continue;
    data.shakeHands();
    if (dice.maybe(0.5)) data.text(passive ? "other" : "opener", "drwxr-xr-x . ..\r\n");
    if (dice.maybe(0.3)) data.close();
  }
  return dataEnds;
}

const split = (port: number): string => `${port >> 8},${port & 255}`;

/** PORT or EPRT, now and then with an address that is not the client's or a line that ends too early. */
function announceActive(dice: Dice, control: Dialogue, port: number): number {
  const text = dice.weighed([
    [5, `PORT {host},${split(port)}\r\n`],
    [4, `EPRT |{eprt}|${port}|\r\n`],
    [0.4, `PORT 198,51,100,7,${split(port)}\r\n`],
    [0.3, `PORT {host},${port >> 8}`],
    [0.3, `EPRT |{eprt}|${port}\r\n`],
    [0.3, `port {host},${split(port)}\r\n`],
  ]);
  const at = control.text("opener", text);
  if (dice.maybe(0.5)) control.text("other", "200 good\r\n");
  return at;
}

function announcePassive(dice: Dice, control: Dialogue, port: number): number {
  const extended = dice.maybe(0.5);
  control.text("opener", extended ? "EPSV\r\n" : "PASV\r\n");
  const text = dice.weighed([
    [8, extended ? `229 Extended passive (|||${port}|)\r\n` : `227 Passive ({host},${split(port)}).\r\n`],
    [0.4, `227 Passive (198,51,100,7,${split(port)})\r\n`],
    [0.4, extended ? `229 Extended passive (|||${port}` : `227 Passive ({host},${port >> 8}`],
    [0.4, `227 ={host},${split(port)}\r\n`],
  ]);
  return control.text("other", text);
}

/** The helper, what RELATED packets meet, and for about half of the flows a translation. */
function rulesFor(dice: Dice, { client, server, destinationPort }: Ends): FlowRule[] {
  const control = `-p tcp --dport ${destinationPort}`;
  const start = client.device === undefined ? "OUTPUT" : "PREROUTING";
  const way = client.device === undefined ? "OUTPUT" : server.device === undefined ? "INPUT" : "FORWARD";
  const zoned = dice.maybe(0.1);
  const zone = zoned ? " --zone 3" : "";
  const rules: FlowRule[] = [];
  if (dice.maybe(0.92))
    rules.push({ table: "raw", chain: start, text: `${control} -j CT --helper ftp${zone}` });
  if (zoned) {
    const other = `-p tcp ! --dport ${destinationPort} -j CT --zone 3`;
    rules.push(
      { table: "raw", chain: "PREROUTING", text: other },
      { table: "raw", chain: "OUTPUT", text: other },
    );
  }
  const conditions = [
    "-m conntrack --ctstate RELATED",
    "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
    "-m state --state RELATED -j ACCEPT",
    "-m helper --helper ftp",
    `-m helper --helper ftp-${destinationPort}`,
    "-m conntrack --ctstatus EXPECTED",
    "-p tcp -m conntrack --ctstate RELATED -j CONNMARK --set-mark 1",
  ];
  for (const text of dice.some(conditions, dice.between(1, 3))) {
    rules.push({
      table: "filter",
      chain: dice.maybe(0.8) ? way : dice.of(["INPUT", "OUTPUT", "FORWARD"]),
      text,
    });
  }
  if (dice.maybe(0.25) && server.device !== undefined) {
    const source = dice.of(["MASQUERADE", "SNAT --to-source 10.0.0.77", "SNAT --to-source 192.0.2.33"]);
    rules.push({ table: "nat", chain: "POSTROUTING", text: `${control} -j ${source}` });
  }
  if (dice.maybe(0.25)) {
    const port = dice.of(["", ":21", ":2121"]);
    const there = printAddress(elsewhere(dice).address);
    rules.push({ table: "nat", chain: start, text: `${control} -j DNAT --to-destination ${there}${port}` });
  }
  return rules;
}
