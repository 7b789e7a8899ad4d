/**
 * A Python program that asks math-verify: a line of JSON `{id, gold, reply, only, seconds}` in, a line `{id, reward,
 * extracted}` out, in whatever order they are done. Each question is worked on in a fork of its own, which is ended when its time is
 * over: then the answer is 0, as in NeMo Gym. The first line out says which version is there, or why there is none.
 */
export const WORKER_PROGRAM = String.raw`
import json, os, select, signal, sys, time
from importlib.metadata import version

def say(stream, value):
    os.write(stream, (json.dumps(value) + "\n").encode("utf-8"))

out = os.dup(1)
silent = os.open(os.devnull, os.O_WRONLY)
os.dup2(silent, 1)
try:
    import logging
    from math_verify import grader, parse
    from math_verify.metric import math_metric
    from math_verify.parser import ExprExtractionConfig, LatexExtractionConfig
    logging.getLogger("math_verify").setLevel(logging.CRITICAL)
    compare = math_metric(
        gold_extraction_target=(LatexExtractionConfig(),),
        pred_extraction_target=(ExprExtractionConfig(), LatexExtractionConfig()),
    )
    say(out, {"ready": version("math-verify")})
except ImportError as error:
    say(out, {"missing": str(error)})
    sys.exit(0)

def verdict(gold, reply):
    reward, texts = compare([gold], [reply])
    if texts is None:
        return {"reward": float(reward), "extracted": None}
    golds, found = texts
    counted = [one for one in found if any(grader.verify(right, one) for right in golds)]
    return {"reward": float(reward), "extracted": (counted or found or [None])[0]}

def of_latex(gold, reply):
    right, found = [parse(text, [LatexExtractionConfig()]) for text in (gold, reply)]
    return {"reward": float(grader.verify(right, found)), "extracted": None}

def work(question, pipe):
    try:
        grade = of_latex if question.get("only") == "latex" else verdict
        answer = grade(question["gold"], question["reply"])
    except BaseException:
        answer = {"reward": 0.0, "extracted": None}
    data = json.dumps(answer).encode("utf-8")
    while data:
        data = data[os.write(pipe, data):]
    os._exit(0)

running = {}
waiting = []
buffer = b""
MOST = 32

def start(question):
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read)
        os.dup2(silent, 2)
        work(question, write)
    os.close(write)
    running[read] = [pid, question["id"], time.monotonic() + question["seconds"], b""]

def finish(read):
    pid, key, _, data = running.pop(read)
    os.close(read)
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    os.waitpid(pid, 0)
    try:
        answer = json.loads(data)
    except ValueError:
        answer = {"reward": 0.0, "extracted": None}
    say(out, {"id": key, **answer})

open_input = True
while open_input or running or waiting:
    while waiting and len(running) < MOST:
        start(waiting.pop(0))
    left = min([one[2] for one in running.values()], default=None)
    timeout = None if left is None else max(0, left - time.monotonic())
    sources = list(running) + ([0] if open_input else [])
    ready, _, _ = select.select(sources, [], [], timeout)
    for source in ready:
        data = os.read(source, 65536)
        if source == 0:
            if not data:
                open_input = False
            buffer += data
            *lines, buffer = buffer.split(b"\n")
            waiting += [json.loads(line) for line in lines if line.strip()]
        elif data:
            running[source][3] += data
        else:
            finish(source)
    now = time.monotonic()
    for read in [read for read, one in running.items() if one[2] <= now]:
        finish(read)
`;
