export type { PortRange } from './ports.js';
export { freePorts, isPortBusy } from './ports.js';
export type { Probe } from './probe.js';
export { httpProbe } from './probe.js';
export type { ProcessSpec, RestartPolicy, Supervised, Time } from './supervisor.js';
export { backOff, supervise } from './supervisor.js';
export type { CommandSpec, Finished } from './run.js';
export { runCommand } from './run.js';
