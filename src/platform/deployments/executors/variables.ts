type Env = Readonly<Record<string, string | undefined>>;

/** Of the platform's own environment a server gets what programs need to run, and none of the platform's keys. */
const INHERITED =
  /^(PATH|HOME|USER|LOGNAME|SHELL|TZ|TMPDIR|LANG|LC_\w+|XDG_\w+|LD_LIBRARY_PATH|DYLD_LIBRARY_PATH|CUDA_\w+|NVIDIA_(VISIBLE_DEVICES|DRIVER_CAPABILITIES)|HIP_\w+|ROCR_\w+|OMP_\w+|HF_HOME|HF_HUB_CACHE|HF_HUB_OFFLINE|https?_proxy|HTTPS?_PROXY|no_proxy|NO_PROXY|SSL_CERT_\w+)$/;

/** Variables by which a program is made to run other code than its own. */
const DOORS =
  /^(PATH|ENV|IFS|CDPATH|SHELLOPTS|BASHOPTS|PS4|BASH_.*|LD_.*|DYLD_.*|GCONV_PATH|GLIBC_.*|NODE_.*|PYTHON.*|PERL.*|RUBY.*|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS|LUA_.*|GIT_.*|VLLM_PLUGINS|GGML_BACKEND_PATH)$/i;

export function inherited(env: Env): Env {
  return Object.fromEntries(Object.entries(env).filter(([name]) => INHERITED.test(name)));
}

export function opensDoors(name: string): boolean {
  return DOORS.test(name);
}
