// Preloaded into programs that cannot be told where to listen: they listen on this machine alone.
import { Server } from 'node:net';

const { listen } = Server.prototype;
Server.prototype.listen = function (first, ...rest) {
  const callback = rest.find((value) => typeof value === 'function');
  const port = typeof first === 'object' && first !== null ? first.port : first;
  return listen.call(this, { port: Number(port), host: '127.0.0.1' }, callback);
};
