import { expect } from "chai";
import { connectionStatus } from "../../../src/packet/connection.ts";
import type { Packet } from "../../../src/packet/packet.ts";
import { address, type Mapping, Router, tcp } from "../wire.ts";

const client = "10.0.0.5:40000";
const server = "192.0.2.77:21";
const outside = "192.0.2.133";
const ftp = { kind: "ct", helper: "ftp" } as const;

const text = ({ bytes }: Packet): string => new TextDecoder().decode(bytes.subarray(40));

/** A control connection on which the server has greeted and the client has said who it is. */
class Control {
  readonly router = new Router();
  private readonly mapping: Mapping | undefined;
  /** Next sequence number of each end, and where the other end sees the client. */
  private clientNext = 101;
  private serverNext = 501;
  private readonly clientSeen: string;

  constructor(translated: boolean) {
    const to = address(outside);
    this.mapping = translated ? { manip: "source", range: { addresses: [to, to] } } : undefined;
    this.clientSeen = translated ? `${outside}:40000` : client;
    const { router, clientSeen } = this;
    router.forward(tcp(client, server, { flags: "S", sequence: 100 }), this.mapping, ftp);
    router.forward(tcp(server, clientSeen, { flags: "SA", sequence: 500, acknowledgement: 101 }));
    router.forward(tcp(client, server, { flags: "A", sequence: 101, acknowledgement: 501 }));
    this.fromServer("220 hello\r\n");
    this.fromClient("USER me\r\n");
  }

  fromClient(data: string): { readonly state: string; readonly text: string } {
    const numbers = { sequence: this.clientNext, acknowledgement: this.serverNext };
    const packet = tcp(client, server, { flags: "PA", ...numbers, data });
    this.clientNext += data.length;
    return { state: this.router.forward(packet), text: text(packet) };
  }

  /** `ahead`: how many bytes more than the client sent the server has got. */
  fromServer(data: string, ahead = 0): { readonly state: string; readonly text: string } {
    const numbers = { sequence: this.serverNext, acknowledgement: this.clientNext + ahead };
    const packet = tcp(server, this.clientSeen, { flags: "PA", ...numbers, data });
    this.serverNext += data.length;
    return { state: this.router.forward(packet), text: text(packet) };
  }
}

describe("the ftp helper", () => {
  it("makes an active data connection RELATED, once", () => {
    const control = new Control(false);
    expect(control.fromClient("PORT 10,0,0,5,4,210\r\n").state).to.equal("ESTABLISHED");
    const data = () => tcp("192.0.2.77:20", "10.0.0.5:1234", { flags: "S" });
    const first = data();
    expect(control.router.forward(first)).to.equal("RELATED");
    const { tracking } = first;
    if (tracking?.kind !== "tracked") throw new Error("the data connection is not tracked");
    expect(tracking.connection.status & connectionStatus.expected).to.not.equal(0);
    expect(tracking.connection.master?.helper).to.equal("ftp");
    expect(control.router.forward(tcp("192.0.2.77:22", "10.0.0.5:1234", { flags: "S" }))).to.equal("NEW");
  });

  it("makes a passive data connection RELATED, from whatever port", () => {
    const control = new Control(false);
    control.fromClient("PASV\r\n");
    control.fromServer("227 Passive (192,0,2,77,4,210)\r\n");
    const data = tcp("10.0.0.5:50000", "192.0.2.77:1234", { flags: "S" });
    expect(control.router.forward(data)).to.equal("RELATED");
  });

  it("expects nothing after five minutes", () => {
    const control = new Control(false);
    control.fromClient("PORT 10,0,0,5,4,210\r\n");
    control.fromServer("200 fine\r\n");
    control.router.now += 299;
    control.fromClient("NOOP\r\n");
    control.router.now += 1;
    expect(control.router.forward(tcp("192.0.2.77:20", "10.0.0.5:1234", { flags: "S" }))).to.equal("NEW");
  });

  it("expects nothing on behalf of third hosts, nor where no line begins", () => {
    const control = new Control(false);
    control.fromClient("PORT 10,0,0,9,4,210\r\n");
    control.fromClient("NOOP ");
    control.fromClient("PORT 10,0,0,5,4,210\r\n");
    for (const host of ["10.0.0.9", "10.0.0.5"]) {
      expect(control.router.forward(tcp("192.0.2.77:20", `${host}:1234`, { flags: "S" }))).to.equal("NEW");
    }
  });

  it("drops a command that is cut in two", () => {
    expect(new Control(false).fromClient("PORT 10,0,0").state).to.equal("DROP");
  });

  it("translates the command, the numbers behind it and the data connection", () => {
    const control = new Control(true);
    const command = control.fromClient("PORT 10,0,0,5,4,210\r\n");
    expect(command.text).to.equal("PORT 192,0,2,133,4,210\r\n");
    const longer = command.text.length - "PORT 10,0,0,5,4,210\r\n".length;
    expect(control.fromServer("200 fine\r\n", longer).state).to.equal("ESTABLISHED");
    const data = tcp("192.0.2.77:20", `${outside}:1234`, { flags: "S" });
    expect(control.router.forward(data)).to.equal("RELATED");
    expect(data.destination).to.equal(address("10.0.0.5"));
    expect(control.fromClient("NOOP\r\n").state).to.equal("ESTABLISHED");
  });

  it("forgets what it expects with the control connection", () => {
    const control = new Control(false);
    control.fromClient("PORT 10,0,0,5,4,210\r\n");
    control.router.now += 432000;
    expect(control.router.forward(tcp("192.0.2.77:20", "10.0.0.5:1234", { flags: "S" }))).to.equal("NEW");
  });
});
