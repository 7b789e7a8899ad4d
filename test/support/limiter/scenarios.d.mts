import type { Scenario } from './limiter.d.mts';

export declare const SCENARIOS: Scenario[];
