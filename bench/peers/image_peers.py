"""Times a distillation step on images as PyTorch users write it, as a peer for benchmarks.

Mode "loader" draws batches from a DataLoader and runs the teacher in every step, with
AdamW as it comes; mode "tuned" holds images and teacher logits in memory (these
computed beforehand, outside the timed part) and uses fused AdamW. Both are in 32 bits,
begin with the weights and see the batches that Retort has written down, and minimise
alpha * T^2 * KL(teacher || student) + (1 - alpha) * cross-entropy.

Usage: python image_peers.py --data DIR --plan DIR --mode loader|tuned --out results.json
"""
import argparse
import gzip
import json
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch.utils.data import DataLoader, TensorDataset


def read_idx(path, header):
    """Return the unsigned bytes of a compressed IDX file after its header."""
    with gzip.open(path) as file:
        return torch.from_numpy(np.frombuffer(file.read(), np.uint8, offset=header).copy())


def read_images(folder):
    """Return the training images as rows of numbers from 0 to 1, and their labels."""
    images = read_idx(Path(folder) / "train-images-idx3-ubyte.gz", 16).reshape(-1, 784)
    labels = read_idx(Path(folder) / "train-labels-idx1-ubyte.gz", 8)
    return images.float() / 255, labels.long()


def perceptron(path):
    """Return the network whose tensors are in a file."""
    state = load_file(str(path))
    names = [name.removesuffix(".weight") for name in state if name.endswith(".weight")]
    layers = []
    for name in sorted(names, key=lambda name: (name.startswith("head"), name)):
        out_width, in_width = state[f"{name}.weight"].shape
        layer = torch.nn.Linear(in_width, out_width)
        layer.load_state_dict({"weight": state[f"{name}.weight"], "bias": state[f"{name}.bias"]})
        layers += [layer, torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


def distillation_loss(student, teacher, labels, plan):
    """Return alpha * T^2 * KL(teacher || student) + (1 - alpha) * cross-entropy."""
    temperature, alpha = plan["temperature"], plan["alpha"]
    soft = F.kl_div(F.log_softmax(student / temperature, dim=-1),
                    F.log_softmax(teacher / temperature, dim=-1),
                    reduction="batchmean", log_target=True)
    return alpha * temperature ** 2 * soft + (1 - alpha) * F.cross_entropy(student, labels)


def loader_batches(images, labels, teacher, plan):
    """Yield images, labels and teacher logits of every step, asking the teacher each time."""
    loader = DataLoader(TensorDataset(images, labels), batch_sampler=plan["batches"])
    for pixels, classes in loader:
        with torch.no_grad():
            logits = teacher(pixels)
        yield pixels, classes, logits


def stored_batches(images, labels, teacher, plan):
    """Return an iterator of the same, from memory; the teacher is asked before it is returned."""
    with torch.inference_mode():
        answers = torch.cat([teacher(part) for part in images.split(1024)]).clone()
    steps = [torch.tensor(rows) for rows in plan["batches"]]
    return ((images[rows], labels[rows], answers[rows]) for rows in steps)


def train(student, optimizer, batches, plan):
    """Train on all batches; return the losses and the end of each step."""
    losses, ends = [], []
    for pixels, labels, teacher_logits in batches:
        loss = distillation_loss(student(pixels), teacher_logits, labels, plan)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(student.parameters(), plan["max_grad_norm"])
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        losses.append(float(loss.detach()))
        ends.append(time.perf_counter())
    return losses, ends


def main():
    """Run one mode and write its result."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, help="folder of Fashion-MNIST")
    parser.add_argument("--plan", required=True, help="folder that Retort has written")
    parser.add_argument("--mode", choices=("loader", "tuned"), required=True)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    plan = json.loads((Path(options.plan) / "plan.json").read_text(encoding="utf-8"))
    images, labels = read_images(options.data)
    student = perceptron(Path(options.plan) / "student.safetensors").train()
    teacher = perceptron(Path(options.plan) / "teacher.safetensors").eval()
    tuned = options.mode == "tuned"
    optimizer = torch.optim.AdamW(student.parameters(), lr=plan["learning_rate"],
                                  weight_decay=plan["weight_decay"], fused=tuned or None)
    source = stored_batches if tuned else loader_batches
    losses, ends = train(student, optimizer, source(images, labels, teacher, plan), plan)
    warm_up = plan["warm_up_steps"]
    timed = sum(len(rows) for rows in plan["batches"][warm_up:])
    result = {"mode": options.mode, "threads": torch.get_num_threads(),
              "examples_per_second": timed / (ends[-1] - ends[warm_up - 1]), "losses": losses,
              "versions": {"torch": version("torch")}}
    Path(options.out).write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
