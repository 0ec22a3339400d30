"""Times a distillation step as Python users write it, as a peer for benchmarks.

Mode "plain" is the Hugging Face Trainer with the teacher run in every step; mode
"tuned" is a hand-written loop with bf16 autocast, batches of similar length and
teacher logits computed beforehand (outside the timed part). Both minimise
alpha * T^2 * KL(teacher || student) + (1 - alpha) * cross-entropy.

With --no-shuffle --no-dropout (and --precision fp32 when tuned) a run depends on
nothing random, so that its losses can be compared with another implementation's.

Usage: python distill_peers.py --teacher DIR --student DIR --data FILE.jsonl
           --mode plain|tuned --steps N --batch 32 --out results.json
"""
import argparse
import contextlib
import itertools
import os
import random
import statistics
import tempfile
import time

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import torch
import torch.nn.functional as F
from datasets import Dataset
from transformers import (
    DataCollatorWithPadding,
    PrinterCallback,
    Trainer,
    TrainerCallback,
    TrainingArguments,
)

from st_folder import (
    library_versions,
    load_classifier,
    load_tokenizer,
    peak_rss_bytes,
    read_jsonl,
    write_result,
)

TEMPERATURE, ALPHA = 4.0, 0.7
WEIGHT_DECAY, MAX_GRAD_NORM = 0.01, 1.0
WARM_UP = 3
BUCKET_BATCHES = 50


# --- shared ------------------------------------------------------------------

def distillation_loss(student, teacher, labels):
    """Return alpha * T^2 * KL(teacher || student) + (1 - alpha) * cross-entropy."""
    soft = F.kl_div(F.log_softmax(student / TEMPERATURE, dim=-1),
                    F.log_softmax(teacher / TEMPERATURE, dim=-1),
                    reduction="batchmean", log_target=True)
    return ALPHA * TEMPERATURE ** 2 * soft + (1 - ALPHA) * F.cross_entropy(student, labels)


def tokenise(records, tokenizer, max_length):
    """Return the records as features with labels, unpadded."""
    encoded = tokenizer([record["text"] for record in records], truncation=True,
                        max_length=max_length)
    return [{**{key: encoded[key][i] for key in encoded}, "labels": record["label"]}
            for i, record in enumerate(records)]


def same_vocabulary(folder_a, folder_b):
    """Tell whether two folders' tokenizers give the same ids to the same pieces."""
    return load_tokenizer(folder_a).get_vocab() == load_tokenizer(folder_b).get_vocab()


def disable_dropout(model):
    """Set every dropout of a model to zero, attention's own setting included."""
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
        elif isinstance(getattr(module, "dropout_prob", None), float):
            module.dropout_prob = 0.0


def split_labels(batch):
    """Return (model inputs, labels) of a collated batch."""
    inputs = {key: value for key, value in batch.items() if key != "labels"}
    return inputs, batch["labels"]


class StepLog:
    """Collects per-step losses, sizes and end times."""

    def __init__(self):
        self.losses, self.examples, self.tokens, self.padded, self.ends = [], [], [], [], []

    def batch(self, inputs, loss):
        """Note the batch of the running step."""
        mask = inputs["attention_mask"]
        self.examples.append(mask.shape[0])
        self.tokens.append(int(mask.sum()))
        self.padded.append(mask.numel())
        self.losses.append(float(loss.detach()))

    def end(self):
        """Note that the running step is over."""
        self.ends.append(time.perf_counter())

    def summary(self):
        """Return the rates over the steps after the warm-up."""
        seconds = self.ends[-1] - self.ends[WARM_UP - 1]
        steps = [end - start for start, end in itertools.pairwise(self.ends[WARM_UP - 1:])]
        tokens, padded = sum(self.tokens[WARM_UP:]), sum(self.padded[WARM_UP:])
        return {
            "timed_steps": len(self.ends) - WARM_UP,
            "timed_seconds": seconds,
            "median_step_seconds": statistics.median(steps),
            "examples_per_second": sum(self.examples[WARM_UP:]) / seconds,
            "real_tokens_per_second": tokens / seconds,
            "real_token_share": tokens / padded,
            "losses": self.losses,
        }


# --- plain -------------------------------------------------------------------

class DistillationTrainer(Trainer):
    """A Trainer that runs the teacher in every step."""

    def __init__(self, *args, teacher, step_log, **kwargs):
        super().__init__(*args, **kwargs)
        self.teacher, self.step_log = teacher, step_log

    def compute_loss(self, model, inputs, return_outputs=False, num_items_in_batch=None):
        """Return the distillation loss of a batch."""
        inputs, labels = split_labels(inputs)
        student_logits = model(**inputs)
        with torch.no_grad():
            teacher_logits = self.teacher(**inputs)
        loss = distillation_loss(student_logits, teacher_logits, labels)
        self.step_log.batch(inputs, loss)
        return (loss, student_logits) if return_outputs else loss


class EndTimes(TrainerCallback):
    """Notes when each step ends."""

    def __init__(self, log):
        self.log = log

    def on_step_end(self, *_, **__):
        """Note the end of a step."""
        self.log.end()


def trainer_arguments(options, folder):
    """Return the Trainer's settings: defaults but for what the comparison fixes."""
    return TrainingArguments(
        output_dir=folder, max_steps=options.steps, learning_rate=options.lr,
        per_device_train_batch_size=options.batch, weight_decay=WEIGHT_DECAY,
        max_grad_norm=MAX_GRAD_NORM, lr_scheduler_type="constant", seed=options.seed,
        train_sampling_strategy="sequential" if options.no_shuffle else "random",
        label_names=["labels"], use_cpu=True, save_strategy="no", logging_strategy="no",
        report_to="none", disable_tqdm=True)


def run_plain(options, teacher, student, features, tokenizer, trainer_class=DistillationTrainer):
    """Train with a Trainer; return the step log and further facts."""
    log = StepLog()
    with tempfile.TemporaryDirectory() as folder:
        trainer = trainer_class(
            model=student, args=trainer_arguments(options, folder),
            train_dataset=Dataset.from_list(features),
            data_collator=DataCollatorWithPadding(tokenizer), callbacks=[EndTimes(log)],
            teacher=teacher, step_log=log)
        trainer.remove_callback(PrinterCallback)
        trainer.train()
    return log, {"optimizer": str(trainer.args.optim.value), "precision": "fp32"}


# --- tuned -------------------------------------------------------------------

def file_batches(features, size):
    """Yield batches of feature indices in the file's order, without end."""
    while True:
        for start in range(0, len(features), size):
            yield list(range(start, min(start + size, len(features))))


def bucketed_batches(features, size, rng):
    """Yield random batches of similar length, without end."""
    while True:
        order = rng.sample(range(len(features)), len(features))
        batches = []
        for start in range(0, len(order), size * BUCKET_BATCHES):
            bucket = sorted(order[start:start + size * BUCKET_BATCHES],
                            key=lambda i: len(features[i]["input_ids"]))
            batches += [bucket[i:i + size] for i in range(0, len(bucket), size)]
        rng.shuffle(batches)
        yield from batches


def planned_batches(options, features):
    """Return the batches of all steps."""
    source = (file_batches(features, options.batch) if options.no_shuffle else
              bucketed_batches(features, options.batch, random.Random(options.seed)))
    return list(itertools.islice(source, options.steps))


def cache_teacher(teacher, features, used, collate, size):
    """Return {index: teacher logits} for the used features, computed in fp32."""
    used = sorted(used, key=lambda i: len(features[i]["input_ids"]))
    cache = {}
    with torch.inference_mode():
        for start in range(0, len(used), size):
            part = used[start:start + size]
            inputs, _ = split_labels(collate([features[i] for i in part]))
            cache.update(zip(part, teacher(**inputs).clone().unbind()))
    return cache


def make_optimizer(model, lr):
    """Return AdamW, fused where this build has it for the CPU, and its name."""
    settings = {"lr": lr, "weight_decay": WEIGHT_DECAY}
    try:
        return torch.optim.AdamW(model.parameters(), fused=True, **settings), "fused AdamW"
    except (RuntimeError, ValueError):
        return torch.optim.AdamW(model.parameters(), **settings), "AdamW"


def forward_context(precision):
    """Return the autocast context of the student's forward pass."""
    if precision == "bf16":
        return torch.autocast("cpu", dtype=torch.bfloat16)
    return contextlib.nullcontext()


def descend(student, optimizer, inputs, loss, log):
    """Move the student down the gradient of a loss, and note the step."""
    loss.backward()
    torch.nn.utils.clip_grad_norm_(student.parameters(), MAX_GRAD_NORM)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    log.batch(inputs, loss)
    log.end()


def tuned_step(student, optimizer, batch, teacher_logits, precision, log):
    """Do one optimizer step on a collated batch."""
    inputs, labels = split_labels(batch)
    with forward_context(precision):
        logits = student(**inputs)
    loss = distillation_loss(logits.float(), teacher_logits, labels)
    descend(student, optimizer, inputs, loss, log)


def run_tuned(options, teacher, student, features, tokenizer):
    """Train with the hand-written loop; return the step log and further facts."""
    torch.set_num_threads(2)
    torch.manual_seed(options.seed)
    collate, log = DataCollatorWithPadding(tokenizer), StepLog()
    batches = planned_batches(options, features)
    started = time.perf_counter()
    cache = cache_teacher(teacher, features, set(itertools.chain(*batches)), collate,
                          options.batch)
    cache_seconds = time.perf_counter() - started
    optimizer, name = make_optimizer(student, options.lr)
    student.train()
    for indices in batches:
        teacher_logits = torch.stack([cache[i] for i in indices])
        tuned_step(student, optimizer, collate([features[i] for i in indices]), teacher_logits,
                   options.precision, log)
    return log, {"optimizer": name, "precision": options.precision,
                 "teacher_cache_seconds": cache_seconds, "teacher_cache_examples": len(cache)}


# --- command line ------------------------------------------------------------

def parse_options(description):
    """Return the command line's options; the first line of the description is shown."""
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("--teacher", required=True)
    parser.add_argument("--student", required=True)
    parser.add_argument("--data", required=True, help="JSON lines with text and label")
    parser.add_argument("--mode", choices=("plain", "tuned"), required=True)
    parser.add_argument("--steps", type=int, required=True, help="in all, warm-up included")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--out", required=True)
    parser.add_argument("--lr", type=float, default=3e-4)
    parser.add_argument("--max-length", type=int, default=128)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--precision", choices=("bf16", "fp32"), default="bf16",
                        help="of mode tuned; mode plain is always fp32")
    parser.add_argument("--no-shuffle", action="store_true", help="batches in file order")
    parser.add_argument("--no-dropout", action="store_true")
    options = parser.parse_args()
    if options.steps <= WARM_UP:
        parser.error(f"--steps must be more than the {WARM_UP} steps of warm-up")
    return options


def settings(options):
    """Return the settings that belong in the result."""
    keys = ("mode", "steps", "batch", "lr", "max_length", "seed", "no_shuffle", "no_dropout")
    return {**{key: getattr(options, key) for key in keys}, "temperature": TEMPERATURE,
            "alpha": ALPHA, "weight_decay": WEIGHT_DECAY, "max_grad_norm": MAX_GRAD_NORM,
            "warm_up_steps": WARM_UP}


def write_run(options, load, log, facts):
    """Write what a run gave, which began at a load average of load."""
    write_result({**settings(options), **facts, **log.summary(),
                  "load_average_before": load, "threads": torch.get_num_threads(),
                  "peak_rss_bytes": peak_rss_bytes(),
                  "versions": library_versions("torch", "transformers", "accelerate")},
                 options.out)


def measure(description, load_model, modes):
    """Run the mode that the command line asks for, on models that load_model reads."""
    options, load = parse_options(description), os.getloadavg()[0]
    if not same_vocabulary(options.teacher, options.student):
        raise SystemExit("teacher and student must share one vocabulary")
    tokenizer = load_tokenizer(options.student)
    features = tokenise(read_jsonl(options.data), tokenizer, options.max_length)
    torch.manual_seed(options.seed)
    teacher, student = load_model(options.teacher), load_model(options.student)
    if options.no_dropout:
        disable_dropout(student)
    write_run(options, load, *modes[options.mode](options, teacher, student, features, tokenizer))


if __name__ == "__main__":
    measure(__doc__, load_classifier, {"plain": run_plain, "tuned": run_tuned})
