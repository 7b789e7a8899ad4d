"""Answers regex cases, one JSON per line on stdin, as this Python's own `re` does. First line of the output: its version."""

import json
import re
import signal
import sys
import unicodedata
import warnings

warnings.simplefilter("ignore")
FLAGS = {"i": re.I, "m": re.M, "s": re.S, "x": re.X, "a": re.A}


class TooLong(Exception):
    pass


def stop(*_):
    raise TooLong


def spans(match):
    return match and [list(match.span(group)) for group in range(match.re.groups + 1)]


def answer(case):
    flags = 0
    for letter in case["flags"]:
        flags |= FLAGS[letter]
    try:
        pattern = re.compile(case["pattern"], flags)
    except re.error as error:
        return {"refused": str(error)}
    except (OverflowError, ValueError, RecursionError) as error:
        return {"refused": None, "why": str(error)}
    text = case["text"]
    try:
        replaced = pattern.sub(case["template"], text)
    except (re.error, IndexError) as error:
        replaced = {"refused": str(error)}
    return {
        "match": spans(pattern.match(text)),
        "full": spans(pattern.fullmatch(text)),
        "all": [spans(match) for match in pattern.finditer(text)],
        "split": pattern.split(text, case["most"]),
        "sub": replaced,
    }


def main():
    signal.signal(signal.SIGALRM, stop)
    print(json.dumps({"python": list(sys.version_info[:3]), "unicode": unicodedata.unidata_version}))
    for line in sys.stdin:
        signal.setitimer(signal.ITIMER_REAL, 2)
        try:
            result = answer(json.loads(line))
        except TooLong:
            result = {"tooLong": True}
        except SystemError as error:
            result = {"bug": str(error)}
        signal.setitimer(signal.ITIMER_REAL, 0)
        print(json.dumps(result))


if __name__ in ("__main__", "__console__"):
    main()
