import koffi from "koffi";

const libc = koffi.load("libc.so.6");
const unshare = libc.func("int unshare(int flags)");

const newNetwork = 0x40000000;

/**
 * Moves this thread, and with it all commands that it runs from now on, into a network namespace of its own (unshare(2)).
 * The former one ends when nothing uses it any more: close its TAP devices and sockets before.
 */
export function enterNewNetwork(): void {
  if (unshare(newNetwork) !== 0) throw new Error("a network namespace of its own is refused");
}
