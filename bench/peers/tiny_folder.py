"""Writes a small random classifier in the sentence-transformers layout, and data for it.

For trying the benchmark scripts without a trained model.

Usage: python tiny_folder.py --out DIR --tokenizer tokenizer.json [--layers 2] [--hidden 64]
           [--pooling mean|cls] [--classes 3] [--data FILE.jsonl --rows 400]
"""
import argparse
import json
import random
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

WORDS = "the movie was good bad great never slow fast love hate book film happy price".split()
MODULES = (
    ("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Dense", "Dense"),
)


def write_json(value, path):
    """Write a value as a JSON file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")


def write_encoder(options, vocabulary_size):
    """Write a random BertModel."""
    config = BertConfig(vocab_size=vocabulary_size, hidden_size=options.hidden,
                        num_hidden_layers=options.layers, num_attention_heads=4,
                        intermediate_size=4 * options.hidden, max_position_embeddings=128,
                        initializer_range=0.1)
    BertModel(config).save_pretrained(options.out)


def write_tokenizer(options):
    """Write the tokenizer files; return the vocabulary's size."""
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_file=str(options.tokenizer), unk_token="[UNK]", cls_token="[CLS]",
        sep_token="[SEP]", pad_token="[PAD]", mask_token="[MASK]", model_max_length=128)
    tokenizer.save_pretrained(options.out)
    return len(tokenizer)


def write_modules(options):
    """Write the files that name and configure the modules."""
    write_json([{"idx": i, "name": str(i), "path": path,
                 "type": f"sentence_transformers.models.{kind}"}
                for i, (path, kind) in enumerate(MODULES)], options.out / "modules.json")
    write_json({"max_seq_length": 128, "do_lower_case": False},
               options.out / "sentence_bert_config.json")
    write_json({"word_embedding_dimension": options.hidden,
                "pooling_mode_cls_token": options.pooling == "cls",
                "pooling_mode_mean_tokens": options.pooling == "mean"},
               options.out / "1_Pooling" / "config.json")
    write_json({"in_features": options.hidden, "out_features": options.classes, "bias": True,
                "activation_function": "torch.nn.modules.linear.Identity"},
               options.out / "2_Dense" / "config.json")


def write_head(options):
    """Write a random linear head."""
    save_file({"linear.weight": torch.randn(options.classes, options.hidden) * 0.1,
               "linear.bias": torch.randn(options.classes) * 0.1},
              str(options.out / "2_Dense" / "model.safetensors"))


def write_data(options):
    """Write random texts of differing length with labels."""
    rng = random.Random(options.seed)
    rows = [{"text": " ".join(rng.choices(WORDS, k=rng.randint(3, 60))),
             "label": rng.randrange(options.classes)} for _ in range(options.rows)]
    options.data.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def main():
    """Write the folder and, when asked for, the data."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--layers", type=int, default=2)
    parser.add_argument("--hidden", type=int, default=64)
    parser.add_argument("--pooling", choices=("mean", "cls"), default="mean")
    parser.add_argument("--classes", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--rows", type=int, default=400)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    write_encoder(options, write_tokenizer(options))
    write_modules(options)
    write_head(options)
    if options.data:
        write_data(options)


if __name__ == "__main__":
    main()
