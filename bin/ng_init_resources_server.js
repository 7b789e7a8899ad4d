#!/usr/bin/env node
import { start } from './start.js';
await start('ng_init_resources_server');
