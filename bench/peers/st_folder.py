"""Reads classifier folders in the sentence-transformers layout.

A folder holds a BertModel, its tokenizer, `1_Pooling/config.json` (mean or cls)
and `2_Dense/model.safetensors` with the classification head as `linear.weight`
and `linear.bias`.
"""
import json
import resource
from importlib.metadata import version
from pathlib import Path

import torch
from safetensors.torch import load_file
from transformers import AutoModel, AutoTokenizer
from transformers.utils import logging

logging.set_verbosity_error()
logging.disable_progress_bar()


def read_json(path):
    """Return the content of a JSON file."""
    return json.loads(Path(path).read_text(encoding="utf-8"))


def read_jsonl(path):
    """Return the records of a JSON-lines file."""
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def pooling_mode(folder):
    """Return "mean" or "cls" as the folder's pooling config says."""
    config = read_json(Path(folder) / "1_Pooling" / "config.json")
    for mode, old_key in (("mean", "pooling_mode_mean_tokens"), ("cls", "pooling_mode_cls_token")):
        if config.get("pooling_mode") == mode or config.get(old_key):
            return mode
    raise ValueError("1_Pooling/config.json asks for neither mean nor cls pooling")


def pool(hidden, mask, mode):
    """Return one vector per row of the last hidden state."""
    if mode == "cls":
        return hidden[:, 0]
    weights = mask.unsqueeze(-1).to(hidden.dtype)
    return (hidden * weights).sum(1) / weights.sum(1).clamp(min=1e-9)


class PooledClassifier(torch.nn.Module):
    """An encoder, a pooling and a linear head; returns logits."""

    def __init__(self, encoder, mode, head):
        super().__init__()
        self.encoder, self.mode, self.head = encoder, mode, head

    def forward(self, input_ids, attention_mask, token_type_ids=None):
        """Return the logits of a padded batch."""
        output = self.encoder(input_ids=input_ids, attention_mask=attention_mask,
                              token_type_ids=token_type_ids)
        return self.head(pool(output.last_hidden_state, attention_mask, self.mode))


def load_head(folder):
    """Return the linear head of a folder."""
    state = load_file(str(Path(folder) / "2_Dense" / "model.safetensors"))
    classes, width = state["linear.weight"].shape
    head = torch.nn.Linear(width, classes, bias="linear.bias" in state)
    head.load_state_dict({key.removeprefix("linear."): value for key, value in state.items()})
    return head


def load_classifier(folder):
    """Return the fp32 classifier of a folder, in evaluation mode."""
    encoder = AutoModel.from_pretrained(folder, add_pooling_layer=False, dtype=torch.float32)
    return PooledClassifier(encoder, pooling_mode(folder), load_head(folder)).eval()


def load_tokenizer(folder):
    """Return the tokenizer of a folder."""
    return AutoTokenizer.from_pretrained(folder)


def peak_rss_bytes():
    """Return the largest resident size of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def library_versions(*names):
    """Return {library: version}."""
    return {name: version(name) for name in names}


def write_result(result, path):
    """Print a result and write it as JSON."""
    text = json.dumps(result, indent=1)
    print(text)
    Path(path).write_text(text + "\n", encoding="utf-8")
