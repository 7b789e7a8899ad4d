#!/usr/bin/env node
import { start } from './start.js';
await start('ng_e2e_collect_rollouts');
