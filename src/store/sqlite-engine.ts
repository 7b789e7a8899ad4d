import type LibSql from 'libsql';
import { errors } from '../errors/index.js';

export type Engine = InstanceType<typeof LibSql>;

/** The driver, loaded when it is first needed. Throws NgError where there is none. */
export async function loadEngine(): Promise<typeof LibSql> {
  try {
    return (await import('libsql')).default;
  } catch (error) {
    throw errors.sqliteMissing(error);
  }
}
