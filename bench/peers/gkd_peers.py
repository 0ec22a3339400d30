"""Times distilling a language model with TRL's GKDTrainer, on data alone (lmbda = 0).

Batches, checkpoints and loss are those of dev.retort.bench.DecoderThroughput, which writes the
batches file: a line a step, a list of {"ids": [...], "first": n} where the completion begins at n.
The loss is KL(teacher || student) on completions (beta = 0, temperature = 1). Mode "default" is
GKDConfig as it comes; "tuned" keeps activations instead of computing them again, and takes the
number format and the attention that are asked for; the teacher is read in that format.

Usage: python gkd_peers.py --teacher DIR --batches FILE.jsonl --mode default|tuned --out OUT.json
           [--every 2] [--lr 1e-4] [--precision bf16|fp32] [--attention sdpa|eager]
"""
import argparse
import json
import os
import tempfile

import torch
from datasets import Dataset
from torch.utils.data import DataLoader
from transformers import AutoModelForCausalLM, AutoTokenizer, TrainerCallback
from trl.experimental.gkd import GKDConfig, GKDTrainer

from st_folder import library_versions, peak_rss_bytes, write_result
from distill_peers import MAX_GRAD_NORM, WARM_UP, WEIGHT_DECAY, StepLog


def collate(sequences, pad):
    """Return a batch as GKDTrainer's own collator makes it: prompts padded on the left."""
    prompts = [sequence["ids"][:sequence["first"]] for sequence in sequences]
    completions = [sequence["ids"][sequence["first"]:] for sequence in sequences]
    left, right = max(map(len, prompts)), max(map(len, completions))
    rows = [[pad] * (left - len(p)) + p + c + [pad] * (right - len(c))
            for p, c in zip(prompts, completions)]
    masks = [[0] * (left - len(p)) + [1] * (len(p) + len(c)) + [0] * (right - len(c))
             for p, c in zip(prompts, completions)]
    labels = [[-100] * left + c + [-100] * (right - len(c)) for c in completions]
    ids, mask = torch.tensor(rows), torch.tensor(masks)
    return {"input_ids": ids, "attention_mask": mask, "labels": torch.tensor(labels),
            "prompts": ids[:, :left], "prompt_attention_mask": mask[:, :left]}


def read_steps(file, pad):
    """Return the batches of a file, one a step."""
    with open(file, encoding="utf-8") as lines:
        return [collate(json.loads(line), pad) for line in lines]


class FixedTrainer(GKDTrainer):
    """GKDTrainer on batches that are given, which notes its losses."""

    step_log, steps = None, ()

    def get_train_dataloader(self):
        """Return the batches as they are."""
        return DataLoader(self.steps, batch_size=None, shuffle=False)

    def compute_loss(self, model, inputs, return_outputs=False, num_items_in_batch=None):
        """Note the loss of a batch."""
        loss = super().compute_loss(model, inputs, return_outputs, num_items_in_batch)
        self.step_log.batch(inputs, loss[0] if return_outputs else loss)
        self.step_log.completions.append(int((inputs["labels"] != -100).sum()))
        return loss


class EndTimes(TrainerCallback):
    """Notes when each step ends."""

    def __init__(self, log):
        self.log = log

    def on_step_end(self, *_, **__):
        """Note the end of a step."""
        self.log.end()


def student_of(folder, every, attention):
    """Return a student of every n-th layer of the model in a folder."""
    student = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32,
                                                   attn_implementation=attention)
    kept = [layer for i, layer in enumerate(student.model.layers) if i % every == every - 1]
    for index, layer in enumerate(kept):
        layer.self_attn.layer_idx = index
    student.model.layers = torch.nn.ModuleList(kept)
    student.config.num_hidden_layers = len(kept)
    return student


def config(options, steps, folder):
    """Return TRL's settings: its defaults but for what the comparison fixes."""
    mode = {} if options.mode == "default" else {
        "bf16": options.precision == "bf16", "gradient_checkpointing": False}
    return GKDConfig(
        output_dir=folder, max_steps=steps, learning_rate=options.lr, lmbda=0.0, beta=0.0,
        temperature=1.0, weight_decay=WEIGHT_DECAY, max_grad_norm=MAX_GRAD_NORM,
        lr_scheduler_type="constant", use_cpu=True, save_strategy="no", logging_strategy="no",
        report_to="none", disable_tqdm=True, **mode)


def main():
    """Measure and write the result."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--teacher", required=True)
    parser.add_argument("--batches", required=True)
    parser.add_argument("--mode", choices=("default", "tuned"), required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--every", type=int, default=2)
    parser.add_argument("--lr", type=float, default=1e-4)
    parser.add_argument("--precision", choices=("bf16", "fp32"), default="bf16")
    parser.add_argument("--attention", choices=("sdpa", "eager"), default="sdpa")
    options, load = parser.parse_args(), os.getloadavg()[0]
    tokenizer = AutoTokenizer.from_pretrained(options.teacher)
    tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token
    steps = read_steps(options.batches, tokenizer.pad_token_id)
    narrow = options.mode == "tuned" and options.precision == "bf16"
    teacher = AutoModelForCausalLM.from_pretrained(
        options.teacher, dtype=torch.bfloat16 if narrow else torch.float32,
        attn_implementation=options.attention)
    log = StepLog()
    log.completions = []
    with tempfile.TemporaryDirectory() as folder:
        arguments = config(options, len(steps), folder)
        trainer = FixedTrainer(
            model=student_of(options.teacher, options.every, options.attention),
            teacher_model=teacher,
            args=arguments, processing_class=tokenizer,
            train_dataset=Dataset.from_dict({"step": list(range(len(steps)))}),
            data_collator=lambda batch: batch, callbacks=[EndTimes(log)])
        trainer.step_log, trainer.steps = log, steps
        trainer.train()
    summary = log.summary()
    write_result(
        {"mode": options.mode, "attention": options.attention, **summary,
         "completion_tokens_per_second":
             sum(log.completions[WARM_UP:]) / summary["timed_seconds"],
         "gradient_checkpointing": arguments.gradient_checkpointing, "bf16": arguments.bf16,
         "load_average_before": load, "threads": torch.get_num_threads(),
         "peak_rss_bytes": peak_rss_bytes(),
         "versions": library_versions("torch", "transformers", "accelerate", "trl")},
        options.out)


if __name__ == "__main__":
    main()
