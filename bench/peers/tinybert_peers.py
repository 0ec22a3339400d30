"""Times a step on TinyBERT's intermediate losses as Python users write it.

The losses are the mean squared error between hidden states, the embeddings' output among
them, and between attention scores before the softmax, over a uniform map of layers (Jiao
et al. 2020). The teacher is run in every step. Mode "plain" is the Hugging Face Trainer in
fp32; mode "tuned" is a hand-written loop with bf16 autocast for both models and batches of
similar length.

Usage: python tinybert_peers.py --teacher DIR --student DIR --data FILE.jsonl
           --mode plain|tuned --steps N --batch 32 --out results.json
"""
import itertools
import random

import torch
import torch.nn.functional as F
from transformers import AttentionInterface, AutoModel, DataCollatorWithPadding, Trainer
from transformers.masking_utils import AttentionMaskInterface, eager_mask

import distill_peers
from distill_peers import (
    StepLog,
    bucketed_batches,
    descend,
    file_batches,
    forward_context,
    make_optimizer,
    measure,
)


# --- models that show their attention scores ----------------------------------

def scored_attention(module, query, key, value, attention_mask, scaling=None, dropout=0.0,
                     **_):
    """Attend as transformers' eager attention does, and leave the scores in the module."""
    scores = query @ key.transpose(2, 3) * scaling
    module.scores = scores
    if attention_mask is not None:
        scores = scores + attention_mask
    shares = F.softmax(scores, dim=-1, dtype=torch.float32).to(query.dtype)
    shares = F.dropout(shares, p=dropout, training=module.training)
    return (shares @ value).transpose(1, 2).contiguous(), shares


AttentionInterface.register("scored", scored_attention)
AttentionMaskInterface.register("scored", eager_mask)


def load_encoder(folder):
    """Return the fp32 encoder of a folder, in evaluation mode."""
    return AutoModel.from_pretrained(folder, add_pooling_layer=False, dtype=torch.float32,
                                     attn_implementation="scored").eval()


def states_and_scores(encoder, inputs):
    """Return the hidden states, embeddings first, and the scores of all layers."""
    output = encoder(**inputs, output_hidden_states=True)
    return output.hidden_states, [layer.attention.self.scores for layer in encoder.encoder.layer]


def intermediate_loss(student, teacher, inputs):
    """Return the sum of both losses; real tokens alone count."""
    own_states, own_scores = student
    states, scores = teacher
    mask = inputs["attention_mask"].float()
    stride = len(scores) // len(own_scores)
    pairs = mask[:, None, :, None] * mask[:, None, None, :]
    heads = own_scores[0].shape[1]
    hidden = sum(((own.float() - states[i * stride].float()).square().mean(-1) * mask).sum()
                 for i, own in enumerate(own_states)) / (len(own_states) * mask.sum())
    attention = sum(((own.float() - scores[(i + 1) * stride - 1].float()) * pairs).square().sum()
                    for i, own in enumerate(own_scores))
    return hidden + attention / (len(own_scores) * heads * pairs.sum())


# --- plain -------------------------------------------------------------------

class IntermediateTrainer(Trainer):
    """A Trainer that runs the teacher in every step."""

    def __init__(self, *args, teacher, step_log, **kwargs):
        super().__init__(*args, **kwargs)
        self.teacher, self.step_log = teacher, step_log

    def compute_loss(self, model, inputs, return_outputs=False, num_items_in_batch=None):
        """Return the loss of a batch."""
        inputs = {key: value for key, value in inputs.items() if key != "labels"}
        student = states_and_scores(model, inputs)
        with torch.no_grad():
            teacher = states_and_scores(self.teacher, inputs)
        loss = intermediate_loss(student, teacher, inputs)
        self.step_log.batch(inputs, loss)
        return (loss, student[0][-1]) if return_outputs else loss


def run_plain(*arguments):
    """Train with the Trainer; return the step log and further facts."""
    log, facts = distill_peers.run_plain(*arguments, trainer_class=IntermediateTrainer)
    return log, {"losses_of": "tinybert", **facts}


# --- tuned -------------------------------------------------------------------

def run_tuned(options, teacher, student, features, tokenizer):
    """Train with the hand-written loop; return the step log and further facts."""
    torch.set_num_threads(2)
    torch.manual_seed(options.seed)
    collate, log = DataCollatorWithPadding(tokenizer), StepLog()
    source = (file_batches(features, options.batch) if options.no_shuffle else
              bucketed_batches(features, options.batch, random.Random(options.seed)))
    optimizer, name = make_optimizer(student, options.lr)
    student.train()
    for indices in itertools.islice(source, options.steps):
        inputs = dict(collate([features[i] for i in indices]))
        del inputs["labels"]
        with forward_context(options.precision):
            own = states_and_scores(student, inputs)
            with torch.no_grad():
                known = states_and_scores(teacher, inputs)
        loss = intermediate_loss(own, known, inputs)
        descend(student, optimizer, inputs, loss, log)
    return log, {"losses_of": "tinybert", "optimizer": name, "precision": options.precision}


if __name__ == "__main__":
    measure(__doc__, load_encoder, {"plain": run_plain, "tuned": run_tuned})
