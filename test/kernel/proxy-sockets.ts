import { closeSync } from "node:fs";
import koffi from "koffi";

const libc = koffi.load("libc.so.6");
const socket = libc.func("int socket(int domain, int type, int protocol)");
const setsockopt = libc.func(
  "int setsockopt(int fd, int level, int option, const uint8_t *value, uint32_t length)",
);
const bind = libc.func("int bind(int fd, const uint8_t *address, uint32_t length)");
const listen = libc.func("int listen(int fd, int backlog)");

/** The port of the standard host's proxy. */
export const proxyPort = 3129;

const families = {
  // SOL_IP, IP_TRANSPARENT; SOL_IPV6, IPV6_TRANSPARENT
  ipv4: { domain: 2, level: 0, transparent: 19, addressLength: 16 },
  ipv6: { domain: 10, level: 41, transparent: 75, addressLength: 28 },
} as const;

const stream = 1;
const datagram = 2;

/** Opens the sockets that TPROXY looks for, of TCP and UDP, and gives what closes them. */
export function openProxy(family: keyof typeof families): () => void {
  const { domain, level, transparent, addressLength } = families[family];
  const one = Buffer.from([1, 0, 0, 0]);
  const address = Buffer.alloc(addressLength);
  address.writeUInt16LE(domain, 0);
  address.writeUInt16BE(proxyPort, 2);
  const sockets = [stream, datagram].map((type) => {
    const fd = socket(domain, type, 0) as number;
    const failed =
      fd < 0 ||
      setsockopt(fd, level, transparent, one, one.length) !== 0 ||
      bind(fd, address, address.length) !== 0 ||
      (type === stream && listen(fd, 8) !== 0);
    if (failed) throw new Error("no transparent socket");
    return fd;
  });
  return () => {
    for (const fd of sockets) closeSync(fd);
  };
}
