"""A running total is to be brought to a wanted number with a tool."""

from server import Refused, serve


def open_session(row):
    return {"total": 0, "calls": 0}


def add(session, arguments):
    amount = arguments.get("amount") if isinstance(arguments, dict) else None
    if not isinstance(amount, int):
        raise Refused(["amount"], "Input should be a valid integer")
    session["total"] += amount
    session["calls"] += 1
    return {"total": session["total"]}


def verify(session, body):
    return {"reward": float(session["total"] == body["wanted"]), **session}


if __name__ == "__main__":
    serve(open_session=open_session, tools={"add": add}, verify=verify)
