/** What `npm run test:kernel -- …` was given; test/kernel/main.ts hands it to mocha's tests through the environment. */
export interface KernelTestSettings {
  /** Scenarios are `seed-1`, `seed-2`, … */
  readonly seed: string;
  readonly scenarios: number;
  /** Only scenarios of this family and of this backend count; the others are skipped, so that a name stays one scenario. */
  readonly family: string | undefined;
  readonly backend: string | undefined;
  /** How many kernels are asked at a time. */
  readonly jobs: number;
  /** Folder that recordings go to about which kernel and machine disagree. */
  readonly keep: string | undefined;
  /** File to which a campaign's figures go (test/kernel/figures.ts). */
  readonly figures: string | undefined;
}

const environment = {
  seed: "NETVERDICT_SEED",
  scenarios: "NETVERDICT_SCENARIOS",
  family: "NETVERDICT_FAMILY",
  backend: "NETVERDICT_BACKEND",
  jobs: "NETVERDICT_JOBS",
  keep: "NETVERDICT_KEEP",
  figures: "NETVERDICT_FIGURES",
} as const;

/** What may stand behind options that choose from a few words. */
export const choices = { family: ["ipv4", "ipv6"], backend: ["legacy", "nft"] } as const;

export type SettingName = keyof typeof environment;
export const settingNames = Object.keys(environment) as readonly SettingName[];

export const asEnvironment = (
  values: Readonly<Partial<Record<SettingName, string>>>,
): Record<string, string> =>
  Object.fromEntries(
    settingNames.flatMap((name) => {
      const value = values[name];
      return value === undefined ? [] : [[environment[name], value] as const];
    }),
  );

export function settingsFrom(env: Readonly<Record<string, string | undefined>>): KernelTestSettings {
  return {
    seed: env[environment.seed] ?? String(Date.now()),
    scenarios: Number(env[environment.scenarios] ?? 60),
    family: env[environment.family],
    backend: env[environment.backend],
    jobs: Number(env[environment.jobs] ?? 4),
    keep: env[environment.keep],
    figures: env[environment.figures],
  };
}
