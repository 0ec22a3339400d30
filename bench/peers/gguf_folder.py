"""Check a model folder that Retort made of a GGUF file, with transformers.

Prints the likeliest answer of the folder, to be compared with what dev.retort.bench.LlamaCppCheck
prints for a GGUF file. With --gguf, also reads that file with transformers and compares all weights.

Usage: python gguf_folder.py --folder FOLDER [--gguf FILE] [--prompt TEXT] [--tokens 32]
(--gguf needs gguf==0.19.0)
"""
import argparse
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer


def compare(model, file):
    """Print the largest difference between the weights of both."""
    other = AutoModelForCausalLM.from_pretrained(
        file.parent, gguf_file=file.name, dtype=torch.float32).state_dict()
    own = model.state_dict()
    if own.keys() != other.keys():
        raise SystemExit(f"only one has {sorted(own.keys() ^ other.keys())}")
    largest = max((own[name] - other[name]).abs().max().item() for name in own)
    print(f"{len(own)} tensors, largest difference {largest:.3g}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", required=True, type=Path)
    parser.add_argument("--gguf", type=Path)
    parser.add_argument("--prompt", default="Once upon a time")
    parser.add_argument("--tokens", type=int, default=32)
    arguments = parser.parse_args()
    torch.set_num_threads(2)
    model = AutoModelForCausalLM.from_pretrained(arguments.folder, dtype=torch.float32).eval()
    tokenizer = AutoTokenizer.from_pretrained(arguments.folder)
    ids = tokenizer(arguments.prompt, return_tensors="pt").input_ids
    answer = model.generate(ids, max_new_tokens=arguments.tokens, do_sample=False)[0, ids.shape[1]:]
    print("prompt", ids[0].tolist())
    print("ids   ", answer.tolist())
    print("text  ", repr(tokenizer.decode(answer)))
    if arguments.gguf:
        compare(model, arguments.gguf)


if __name__ == "__main__":
    main()
