"""A question with one right number."""

import re

from server import output_text, serve


def verify(session, body):
    numbers = re.findall(r"-?\d+", output_text(body["response"]))
    answer = int(numbers[-1]) if numbers else None
    return {"reward": float(answer == body["expected"]), "answer": answer}


if __name__ == "__main__":
    serve(verify=verify)
