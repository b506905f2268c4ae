import { closeSync, constants, openSync, readSync, writeSync } from "node:fs";
import koffi from "koffi";

/** TAP devices and raw sockets of the present network namespace: how frames get in and out of the kernel under test. */

const libc = koffi.load("libc.so.6");
const ioctl = libc.func("int ioctl(int fd, unsigned long request, _Inout_ uint8_t *ifreq)");
const socket = libc.func("int socket(int domain, int type, int protocol)");
const setsockopt = libc.func(
  "int setsockopt(int fd, int level, int name, const int *value, uint32_t length)",
);
const sendto = libc.func(
  "long sendto(int fd, const uint8_t *bytes, size_t length, int flags, const uint8_t *to, uint32_t toLength)",
);

const tunSetInterface = 0x400454ca;
const tapWithoutInfo = 0x1002;

/** One end of an Ethernet cable whose other end is a kernel interface of the given name. */
export class Tap {
  private readonly fd: number;
  private readonly buffer = Buffer.alloc(65536);

  constructor(name: string) {
    this.fd = openSync("/dev/net/tun", constants.O_RDWR | constants.O_NONBLOCK);
    // struct ifreq: 16 bytes of name, then the flags
    const request = Buffer.alloc(40);
    request.write(name, 0, "latin1");
    request.writeUInt16LE(tapWithoutInfo, 16);
    if (ioctl(this.fd, tunSetInterface, request) < 0) throw new Error(`no TAP device ${name}`);
  }

  write(frame: Uint8Array): void {
    writeSync(this.fd, frame);
  }

  /** All frames that wait to be read. */
  read(): Uint8Array[] {
    const frames: Uint8Array[] = [];
    for (;;) {
      try {
        const length = readSync(this.fd, this.buffer);
        frames.push(Uint8Array.from(this.buffer.subarray(0, length)));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "EAGAIN") return frames;
        throw error;
      }
    }
  }

  close(): void {
    closeSync(this.fd);
  }
}

const inet = 2;
const inet6 = 10;
const raw = 3;
const rawProtocol = 255;
const socketLevel = 1;
const soBroadcast = 6;

/** Raw sockets that send whole IP packets (IP_HDRINCL is implied by IPPROTO_RAW). */
export class RawSockets {
  private readonly sockets = new Map<number, number>();

  /** False where the kernel refuses to send it at all. */
  send(packet: Uint8Array): boolean {
    const version = (packet[0] ?? 0) >> 4;
    const family = version === 6 ? inet6 : inet;
    let fd = this.sockets.get(family);
    if (fd === undefined) {
      fd = socket(family, raw, rawProtocol) as number;
      if (fd < 0) throw new Error("no raw socket");
      // else it may not send to broadcast addresses
      setsockopt(fd, socketLevel, soBroadcast, [1], 4);
      this.sockets.set(family, fd);
    }
    const to = Buffer.alloc(family === inet ? 16 : 28);
    to.writeUInt16LE(family, 0);
    if (family === inet) to.set(packet.subarray(16, 20), 4);
    else to.set(packet.subarray(24, 40), 8);
    return (sendto(fd, packet, packet.length, 0, to, to.length) as number) >= 0;
  }

  close(): void {
    for (const fd of this.sockets.values()) closeSync(fd);
    this.sockets.clear();
  }
}
