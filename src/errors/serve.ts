import { didYouMean } from './suggest.js';
import { NgError } from './ng-error.js';

export function cannotListen(name: string, host: string, port: number, code: string): NgError {
  const reasons: Record<string, string> = {
    EADDRINUSE: 'the port is in use by another program',
    EADDRNOTAVAIL: 'this machine has no such address',
    EACCES: 'ports below 1024 need more rights',
    ENOTFOUND: 'the host name does not resolve',
  };
  const key = name === 'head_server' ? 'head_server' : `the block of ${name}`;
  const fix =
    name === 'platform'
      ? 'Stop the other program, or give another "--port" or "--host" (port 0 takes a free one).'
      : `Stop the other program, or set another "host" or "port" in ${key} (port 0 takes a free one).`;
  return new NgError(
    'SERVE_CANNOT_LISTEN',
    `Server "${name}" cannot listen on ${host}:${port}: ${reasons[code] ?? code}.`,
    fix,
  );
}

export function nothingToServe(): NgError {
  return new NgError(
    'SERVE_NOTHING',
    'The configuration has no servers to start.',
    'Name config files: "+config_paths=[resources_servers/mcqa/configs/mcqa.yaml,responses_api_models/inference_provider/configs/together.yaml]".',
  );
}

export function ownServerUnknown(name: string, known: readonly string[]): NgError {
  return new NgError(
    'SERVE_OWN_UNKNOWN',
    `NEMO_GYM_CONFIG_PATH is "${name}", and NEMO_GYM_CONFIG_DICT has no such server.${didYouMean(name, known)}`,
    `Its servers: ${known.join(', ') || 'none'}. Unset both variables to serve a configuration of your own.`,
  );
}

export function headNotFound(url: string, reason: string): NgError {
  return new NgError(
    'SERVE_NO_HEAD',
    `No agent is configured, and no head server answers: ${reason}`,
    `Give "+config_paths=[…]" with an agent to run everything in this process; or start the servers with ng_run in another terminal; or say where they are: "++head_server.host=… ++head_server.port=…" (asked: ${url}).`,
    { key: 'head_server' },
  );
}

export function headNeedsToken(url: string): NgError {
  return new NgError(
    'SERVE_WRONG_TOKEN',
    `The head server at ${url} wants a token, and refused ours.`,
    'Set "server_token" to the value that the servers were started with, in env.yaml or as "+server_token=…".',
    { key: 'server_token' },
  );
}

export function mcpSdkMissing(): NgError {
  return new NgError(
    'MCP_SDK_MISSING',
    'MCP needs the package @modelcontextprotocol/sdk, which is not installed.',
    'Install it beside ngym: npm install @modelcontextprotocol/sdk@1.32.2',
  );
}

export function serveSettingInvalid(key: string, wanted: string): NgError {
  return new NgError(
    'SERVE_SETTING_INVALID',
    `"${key}" is not ${wanted}.`,
    `Give it ${wanted}: "++${key}=…".`,
    {
      key,
    },
  );
}

export function tokenNeeded(name: string, host: string): NgError {
  return new NgError(
    'SERVE_TOKEN_NEEDED',
    `Server "${name}" would listen on ${host}, which other machines can reach, without a token.`,
    'Set "server_token" (at least 16 characters, in env.yaml or as "+server_token=…"), or a loopback host such as 127.0.0.1.',
    { key: 'server_token' },
  );
}
