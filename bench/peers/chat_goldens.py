"""Write golden renderings of chat templates: what transformers and jinja2 make of them.

FOLDER holds templates/*.jinja, conversations.json and snippets.txt. For each template,
renderings/NAME.json is written: every conversation's text, or its error, and the parts
inside of {% generation %} blocks. snippets.json has the same for single lines of Jinja.

Usage: python chat_goldens.py --folder core/src/test/resources/chat
"""
import argparse
import datetime
import json
from pathlib import Path

import jinja2
import transformers
from transformers.utils import chat_template_utils

NOW = datetime.datetime(2024, 7, 26, 14, 5, 9)
TOKENS = {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>"}


class FixedClock(datetime.datetime):
    """A clock that stands still, for strftime_now."""

    @classmethod
    def now(cls, tz=None):
        return NOW


def error(exception):
    """Return what is kept of an exception: its type, its message, and its line."""
    kept = {"type": type(exception).__name__, "message": str(exception)}
    line = getattr(exception, "lineno", None)
    return kept if line is None else {**kept, "line": line}


# --- conversations -----------------------------------------------------------

def rendering(template, conversation, add_generation_prompt):
    """Return one conversation as transformers renders it."""
    variables = {**TOKENS, **conversation.get("variables", {})}
    case = {"conversation": conversation["name"], "addGenerationPrompt": add_generation_prompt}
    try:
        texts, spans = chat_template_utils.render_jinja_template(
            conversations=[conversation["messages"]],
            tools=conversation.get("tools"),
            chat_template=template,
            return_assistant_tokens_mask=True,
            add_generation_prompt=add_generation_prompt,
            **variables,
        )
        return {**case, "text": texts[0], "generated": [list(span) for span in spans[0]]}
    except Exception as exception:  # any: the template decides what fails
        return {**case, "error": error(exception)}


def renderings(template, conversations):
    """Return all conversations: with a generation prompt where it is not the assistant's turn."""
    cases = []
    for conversation in conversations:
        messages = conversation["messages"]
        answered = bool(messages) and messages[-1]["role"] == "assistant"
        cases.append(rendering(template, conversation, not answered))
    return cases


# --- snippets ----------------------------------------------------------------

def snippet(source, variables):
    """Return one snippet's text, or its error."""
    try:
        template = chat_template_utils._compile_jinja_template(source)
        return {"source": source, "text": template.render(**variables)}
    except Exception as exception:  # any: some snippets are there to fail
        return {"source": source, "error": error(exception)}


def snippets(file):
    """Return the snippets of a file: one a line; \\n stands for a line break outside of tags."""
    lines = file.read_text(encoding="utf-8").splitlines()
    variables = json.loads(lines[0])
    sources = [line for line in lines[1:] if line and not line.startswith("##")]
    return {
        "variables": variables,
        "snippets": [snippet(source.replace("⏎", "\n"), variables) for source in sources],
    }


def write(file, content):
    """Write JSON, one case a line."""
    file.parent.mkdir(exist_ok=True)
    head = {"jinja2": jinja2.__version__, "transformers": transformers.__version__}
    key, cases = next((key, value) for key, value in content.items() if isinstance(value, list))
    rest = {k: v for k, v in content.items() if k != key}
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    head = json.dumps({**head, **rest}, ensure_ascii=False)[:-1]
    file.write_text(f'{head}, "{key}": [\n{lines}\n]}}\n', encoding="utf-8")


def main():
    """Write all golden files of a folder."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, required=True)
    folder = parser.parse_args().folder
    chat_template_utils.datetime = FixedClock
    conversations = json.loads((folder / "conversations.json").read_text(encoding="utf-8"))
    for template in sorted((folder / "templates").glob("*.jinja")):
        text = template.read_bytes().decode("utf-8")
        write(
            folder / "renderings" / f"{template.stem}.json",
            {"variables": TOKENS, "cases": renderings(text, conversations)},
        )
    write(folder / "snippets.json", snippets(folder / "snippets.txt"))


if __name__ == "__main__":
    main()
