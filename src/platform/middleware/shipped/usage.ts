import { Config } from './config.js';
import type { Shipped } from './index.js';
import { readPrices } from './prices.js';

/** Keeps account of requests, tokens and, with `prices`, cost of a virtual model. */
export const usage: Shipped =
  ({ ledger }) =>
  (given) => {
    const config = new Config(given);
    const prices = readPrices(config.object('prices'));
    config.done();
    return {
      done: (ended, { virtualModel }) => ledger.add(virtualModel, ended, prices),
    };
  };
