"""An open question: a judge says whether the answer means the same as the target."""

import re

from server import JudgeFailed, ask_model, output_text, serve


def verify(session, body):
    prompt = "\n".join(
        [
            f"Question: {body['question']}",
            f"Target: {body['target']}",
            f"Answer: {output_text(body['response'])}",
            "Does the answer mean the same as the target? Say yes or no.",
        ]
    )
    said = ask_model("judge_model_server", prompt).strip().lower()
    if not re.match(r"(yes|no)\b", said):
        raise JudgeFailed("The judge said neither yes nor no.")
    return {"reward": float(said.startswith("yes")), "judge_said": said}


if __name__ == "__main__":
    serve(verify=verify)
