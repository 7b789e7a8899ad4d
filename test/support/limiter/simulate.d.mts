export { fixed, simulate } from './limiter.d.mts';
