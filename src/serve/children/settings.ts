import type { ConfigObject, ResolvedConfig, ServerInstance } from '../../config/index.js';
import { errors } from '../../errors/index.js';
import type { PortRange } from '../../processes/index.js';

/** The reference's own key; heavy packages take minutes to import on a slow disk. Unit: seconds. */
const DEFAULT_READY_SECONDS = 600;
const MOST_COPIES = 64;

/** What the configuration says about programs that are started for it. */
export interface ChildSettings {
  /** The Python that is asked for; undefined: the one that is found. */
  readonly python: string | undefined;
  /** Where the reference keeps virtual environments of its servers; undefined: nowhere of its own. */
  readonly venvDir: string | undefined;
  /** Most time until a program answers. Unit: milliseconds. */
  readonly readyMs: number;
  /** Where free ports are taken from; an end that is not given is the default one. */
  readonly ports: Partial<PortRange>;
  /** Processes of a server. */
  copies(server: ServerInstance): number;
}

/** `port_range_low` and `port_range_high`, as the reference has them. */
function portRange({ port_range_low: low, port_range_high: high }: ConfigObject): Partial<PortRange> {
  const isPort = (value: unknown): value is number =>
    typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 65_536;
  const range = { ...(low != null && { low }), ...(high != null && { high }) };
  const wanted = 'a port number, the lower not above the higher';
  for (const [key, value] of Object.entries(range)) {
    if (!isPort(value)) throw errors.serverKeyInvalid(`port_range_${key}`, wanted);
  }
  if (isPort(low) && isPort(high) && low > high) throw errors.serverKeyInvalid('port_range_low', wanted);
  return range as Partial<PortRange>;
}

/** Reads `python`, `server_spinup_timeout_seconds` and `replicas` (a number, or one for each server by name). */
export function childSettings({ values }: ResolvedConfig): ChildSettings {
  const { python, replicas, uv_venv_dir: venvDir, server_spinup_timeout_seconds: seconds } = values;
  if (python != null && typeof python !== 'string') throw errors.serverKeyInvalid('python', 'a path');
  if (seconds != null && !(typeof seconds === 'number' && seconds > 0)) {
    throw errors.serverKeyInvalid('server_spinup_timeout_seconds', 'a number of seconds greater than 0');
  }
  return {
    python: python ?? undefined,
    venvDir: typeof venvDir === 'string' && venvDir !== '' ? venvDir : undefined,
    ports: portRange(values),
    readyMs: 1000 * (seconds ?? DEFAULT_READY_SECONDS),
    copies({ name, implementation }) {
      const each = typeof replicas === 'object' && replicas !== null && !Array.isArray(replicas);
      const given = each ? (replicas[name] ?? replicas[implementation]) : replicas;
      if (given == null) return 1;
      if (typeof given === 'number' && Number.isInteger(given) && given >= 1 && given <= MOST_COPIES)
        return given;
      throw errors.serverKeyInvalid('replicas', `a number from 1 to ${MOST_COPIES}, or {server: number}`);
    },
  };
}
