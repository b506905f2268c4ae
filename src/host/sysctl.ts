/** Per-interface settings as the kernel combines them with `conf.all` (include/linux/inetdevice.h IN_DEV_*). */
export class Sysctl {
  private readonly values: Readonly<Record<string, string>>;
  /** Answers by device, then by name: each packet asks the same questions. */
  private readonly eithers = new Map<string, Map<string, boolean>>();
  private readonly largest = new Map<string, Map<string, number>>();
  private readonly forwardings = new Map<string, Map<string, boolean | undefined>>();

  constructor(values: Readonly<Record<string, string>>) {
    this.values = values;
  }

  get(name: string): string | undefined {
    return Object.hasOwn(this.values, name) ? this.values[name] : undefined;
  }

  private number(name: string, fallback: number): number {
    const value = Number(this.get(name) ?? Number.NaN);
    return Number.isInteger(value) ? value : fallback;
  }

  /** sysctl(8) writes a dot inside an interface's name as a slash. */
  private forDevice(device: string, name: string, fallback: number): number {
    const key = `net.ipv4.conf.${device.replaceAll(".", "/")}.${name}`;
    return this.number(key, this.number(`net.ipv4.conf.default.${name}`, fallback));
  }

  /** On where either `all` or the interface says so (IN_DEV_ORCONF). */
  either(device: string, name: string, fallback = 0): boolean {
    return this.eithers.get(device)?.get(name) ?? this.readEither(device, name, fallback);
  }

  private readEither(device: string, name: string, fallback: number): boolean {
    const all = this.number(`net.ipv4.conf.all.${name}`, fallback);
    return remember(this.eithers, device, name, all !== 0 || this.forDevice(device, name, fallback) !== 0);
  }

  /** On where both say so (IN_DEV_ANDCONF). */
  both(device: string, name: string): boolean {
    return this.number(`net.ipv4.conf.all.${name}`, 0) !== 0 && this.forDevice(device, name, 0) !== 0;
  }

  /** The larger of the two (IN_DEV_MAXCONF). */
  larger(device: string, name: string): number {
    return this.largest.get(device)?.get(name) ?? this.readLarger(device, name);
  }

  private readLarger(device: string, name: string): number {
    const all = this.number(`net.ipv4.conf.all.${name}`, 0);
    return remember(this.largest, device, name, Math.max(all, this.forDevice(device, name, 0)));
  }

  /** Whether packets that come in here are forwarded; `undefined` where nothing says so. */
  forwarding(family: "ipv4" | "ipv6", device: string): boolean | undefined {
    const known = this.forwardings.get(device);
    return known?.has(family)
      ? known.get(family)
      : remember(this.forwardings, device, family, this.readForwarding(family, device));
  }

  /** net.ipv6.conf.DEVICE.forwarding; `undefined` where the host does not say. */
  isRouterOn(device: string): boolean | undefined {
    const value = this.get(`net.ipv6.conf.${device.replaceAll(".", "/")}.forwarding`);
    return value === undefined ? undefined : value.trim() !== "0";
  }

  private readForwarding(family: "ipv4" | "ipv6", device: string): boolean | undefined {
    const own = `net.${family}.conf.${device.replaceAll(".", "/")}.forwarding`;
    const names =
      family === "ipv4"
        ? [own, "net.ipv4.conf.all.forwarding", "net.ipv4.ip_forward"]
        : ["net.ipv6.conf.all.forwarding"];
    // IPv6 asks for the whole host, save where an interface is let off that (since Linux 6.17)
    if (family === "ipv6" && this.get(own.replace(/forwarding$/, "force_forwarding"))?.trim() === "1")
      return true;
    const value = names.map((name) => this.get(name)).find((one) => one !== undefined);
    return value === undefined ? undefined : value.trim() !== "0";
  }
}

function remember<T>(answers: Map<string, Map<string, T>>, device: string, name: string, answer: T): T {
  const ofDevice = answers.get(device) ?? new Map<string, T>();
  answers.set(device, ofDevice.set(name, answer));
  return answer;
}

/** Reads the lines of sysctl(8): `net.ipv4.ip_forward = 1`. Lines of another form are skipped; sysctl prints errors among them. */
export function parseSysctlText(text: string): Readonly<Record<string, string>> {
  const lines = text.matchAll(/^([^\s=]+)[ \t]*=[ \t]*(.*?)[ \t\r]*$/gm);
  return Object.fromEntries([...lines].map(([, name = "", value = ""]) => [name, value]));
}
