"""A number is to be guessed; after each guess the model hears whether the number is higher or lower."""

import re

from server import output_text, serve

MOST_TRIES = 6


def open_session(row):
    return {"tries": 0}


def reset(session, row):
    return {"observation": "I think of a whole number from 1 to 20. Say a number."}


def step(session, body):
    session["tries"] += 1
    info = {"tries": session["tries"]}
    found = re.search(r"-?\d+", output_text(body["response"]))
    if found and int(found[0]) == body["secret"]:
        return {"reward": 1.0, "terminated": True, "info": info}
    if session["tries"] == MOST_TRIES:
        return {"truncated": True, "info": info}
    if not found:
        return {"observation": "Say a number.", "info": info}
    return {"observation": "Higher." if int(found[0]) < body["secret"] else "Lower.", "info": info}


if __name__ == "__main__":
    serve(open_session=open_session, reset=reset, step=step)
