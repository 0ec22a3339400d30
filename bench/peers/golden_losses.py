"""Write golden vectors of distillation losses: inputs, value and gradient (numpy, float64).

A loss is a sum over classes and a mean over valid positions. A temperature T divides both
logits, and the loss is multiplied by T * T. Gradients are with respect to the student's
input, by fourth-order central differences (error below 1e-8).

Usage: python golden_losses.py --seed 20261121 --out losses.json
"""
import argparse
import json
from pathlib import Path

import numpy as np

CONVENTIONS = ("sum over classes, mean over valid positions; "
               "T divides both logits, loss times T^2; float64")
DIVERGENCES = (  # name, and the mixing weight under its name in the file
    ("forward_kl", None, None), ("reverse_kl", None, None),
    ("jsd", "beta", 0.1), ("jsd", "beta", 0.5), ("jsd", "beta", 0.9),
    ("skew_kl", "alpha", 0.1), ("skew_reverse_kl", "alpha", 0.1), ("tvd", None, None),
)
MASKED = -1e30


# --- arithmetic --------------------------------------------------------------

def log_softmax(logits):
    """Return the log-softmax over the last axis."""
    largest = logits.max(-1, keepdims=True)
    return logits - largest - np.log(np.exp(logits - largest).sum(-1, keepdims=True))


def gradient(loss, x, step=1e-5):
    """Return the gradient of a scalar function by fourth-order central differences."""
    result = np.zeros_like(x)

    def moved(index, distance):
        copy = x.copy()
        copy[index] += distance
        return loss(copy)

    for i in np.ndindex(x.shape):
        near = moved(i, step) - moved(i, -step)
        far = moved(i, 2 * step) - moved(i, -2 * step)
        result[i] = (8 * near - far) / (12 * step)
    return result


def masked_mean(values, mask):
    """Return the mean of the values where the mask is 1."""
    return float((values * mask).sum() / mask.sum())


def kl(log_p, log_q):
    """Return KL(p || q) over the last axis."""
    return (np.exp(log_p) * (log_p - log_q)).sum(-1)


def mixture(log_p, log_q, weight):
    """Return log(weight * p + (1 - weight) * q)."""
    return np.logaddexp(log_p + np.log(weight), log_q + np.log1p(-weight))


def cosine(a, b):
    """Return the cosine between vectors of the last axis."""
    return (a * b).sum(-1) / np.linalg.norm(a, axis=-1) / np.linalg.norm(b, axis=-1)


def normalised(x):
    """Return the rows of x with length 1."""
    return x / np.linalg.norm(x, axis=1, keepdims=True)


# --- losses ------------------------------------------------------------------

def divergence(name, log_p, log_q, weight):
    """Return a divergence of teacher p and student q per position."""
    if name == "forward_kl":
        return kl(log_p, log_q)
    if name == "reverse_kl":
        return kl(log_q, log_p)
    if name == "jsd":  # generalised, as in GKD (arXiv 2306.13649)
        log_m = mixture(log_p, log_q, weight)
        return weight * kl(log_p, log_m) + (1 - weight) * kl(log_q, log_m)
    if name == "skew_kl":  # DistiLLM (arXiv 2402.03898)
        return kl(log_p, mixture(log_p, log_q, weight))
    if name == "skew_reverse_kl":  # with the gradient through the mixture
        return kl(log_q, mixture(log_q, log_p, weight))
    if name == "tvd":
        return 0.5 * np.abs(np.exp(log_p) - np.exp(log_q)).sum(-1)
    raise ValueError(name)


def adaptive_weights(log_p, log_q, mu):
    """Return the head and tail gaps of adaptive KL (arXiv 2404.02657), which are detached.

    The head is the classes by teacher probability with a cumulative mass of at most mu, and
    always the first.
    """
    weights = np.zeros(log_p.shape[:-1] + (2,))
    for i in np.ndindex(log_p.shape[:-1]):
        p, q = np.exp(log_p[i]), np.exp(log_q[i])
        order = np.argsort(-p, kind="stable")
        tail = np.cumsum(p[order]) > mu
        tail[0] = False
        gap = np.abs(p[order] - q[order])
        weights[i] = gap[~tail].sum(), gap[tail].sum()
    return weights


def relations(hidden, heads, mask):
    """Return MiniLMv2's log-relations [batch, head, query, key], padded keys removed."""
    batch, length, width = hidden.shape
    split = hidden.reshape(batch, length, heads, width // heads).transpose(0, 2, 1, 3)
    scores = split @ split.transpose(0, 1, 3, 2) / np.sqrt(width // heads)
    return log_softmax(np.where(mask[:, None, None, :] > 0, scores, MASKED))


def relative_distances(x):
    """Return RKD's distances of all pairs i != j over their mean (arXiv 1904.05068)."""
    distances = np.sqrt(np.maximum(((x[:, None] - x[None]) ** 2).sum(-1), 0))
    others = ~np.eye(len(x), dtype=bool)
    return distances[others] / distances[others].mean()


def sorted_probabilities(logits, width):
    """Return probabilities in descending order, padded with zeros to the width."""
    ordered = -np.sort(-np.exp(log_softmax(logits)), -1)
    return np.pad(ordered, ((0, 0), (0, width - logits.shape[-1])))


def log_sigmoid(x):
    """Return log(1 / (1 + exp(-x)))."""
    return -np.logaddexp(0, -x)


# --- cases -------------------------------------------------------------------

class Cases:
    """Draws inputs and collects cases."""

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)
        self.all = []

    def normal(self, scale, *shape, mean=0):
        """Return normally distributed numbers."""
        return self.random.normal(mean, scale, shape)

    def add(self, name, params, inputs, wrt, loss):
        """Add a case with its value and its gradient with respect to one input."""
        self.all.append({
            "loss": name,
            "params": params,
            "inputs": {key: value.tolist() for key, value in inputs.items()},
            "expected": loss(inputs[wrt]),
            "gradWrt": wrt,
            "gradient": gradient(loss, inputs[wrt]).tolist(),
        })


def add_divergences(cases):
    """Add divergences of dense distributions at three temperatures."""
    mask = np.array([[1.0, 1, 1], [1, 0, 0]])
    for temperature in (1.0, 2.0, 4.0):
        for name, key, weight in DIVERGENCES:
            teacher, student = cases.normal(2, 2, 3, 7), cases.normal(2, 2, 3, 7)

            def loss(x, name=name, weight=weight, teacher=teacher, temperature=temperature):
                log_p, log_q = log_softmax(teacher / temperature), log_softmax(x / temperature)
                return temperature * temperature * masked_mean(
                    divergence(name, log_p, log_q, weight), mask)

            cases.add(name, {"temperature": temperature, **({key: weight} if key else {})},
                      {"teacherLogits": teacher, "studentLogits": student, "mask": mask},
                      "studentLogits", loss)


def add_adaptive(cases):
    """Add adaptive KL."""
    teacher, student = cases.normal(2, 2, 3, 7), cases.normal(2, 2, 3, 7)
    mask = np.array([[1.0, 1, 0], [1, 1, 1]])
    log_p = log_softmax(teacher)
    weights = adaptive_weights(log_p, log_softmax(student), 0.5)

    def loss(x):
        log_q = log_softmax(x)
        both = weights[..., 0] * kl(log_p, log_q) + weights[..., 1] * kl(log_q, log_p)
        return masked_mean(both / weights.sum(-1), mask)

    cases.add("adaptive_kl", {"mu": 0.5},
              {"teacherLogits": teacher, "studentLogits": student, "mask": mask},
              "studentLogits", loss)


def add_hinton(cases):
    """Add alpha * T^2 * KL + (1 - alpha) * cross-entropy (arXiv 1503.02531)."""
    for temperature in (1.0, 3.0):
        teacher, student = cases.normal(2, 4, 5), cases.normal(2, 4, 5)
        labels = cases.random.integers(0, 5, 4)

        def loss(x, teacher=teacher, labels=labels, temperature=temperature):
            soft = kl(log_softmax(teacher / temperature), log_softmax(x / temperature)).mean()
            hard = -log_softmax(x)[np.arange(4), labels].mean()
            return float(0.7 * temperature * temperature * soft + 0.3 * hard)

        cases.add("hinton", {"temperature": temperature, "alpha": 0.7},
                  {"teacherLogits": teacher, "studentLogits": student, "labels": labels},
                  "studentLogits", loss)


def add_top_k(cases):
    """Add KL from a teacher's top k and one bucket for the rest."""
    for k in (1, 2, 4):
        teacher, student = cases.normal(2, 2, 3, 9), cases.normal(2, 2, 3, 9)
        mask = np.array([[1.0, 1, 1], [1, 1, 0]])
        log_p = log_softmax(teacher)
        ids = np.argsort(-log_p, -1, kind="stable")[..., :k]
        log_top = np.take_along_axis(log_p, ids, -1)

        def loss(x, ids=ids, log_top=log_top, mask=mask):
            log_q = np.take_along_axis(log_softmax(x), ids, -1)
            p, q = np.exp(log_top).sum(-1), np.exp(log_q).sum(-1)
            inside = (np.exp(log_top) * (log_top - log_q)).sum(-1)
            return masked_mean(inside + (1 - p) * (np.log1p(-p) - np.log1p(-q)), mask)

        cases.add("top_k_tail_kl", {"k": k},
                  {"topIds": ids, "topLogProbs": log_top, "studentLogits": student, "mask": mask},
                  "studentLogits", loss)


def add_features(cases):
    """Add losses on hidden states, attention scores and their relations."""
    teacher, student = cases.normal(1, 2, 4, 6), cases.normal(1, 2, 4, 6)
    mask = np.array([[1.0, 1, 1, 0], [1, 1, 0, 0]])
    inputs = {"teacherHidden": teacher, "studentHidden": student, "mask": mask}
    cases.add("hidden_mse", {}, inputs, "studentHidden",
              lambda x: masked_mean(((x - teacher) ** 2).mean(-1), mask))
    cases.add("hidden_cosine", {}, inputs, "studentHidden",
              lambda x: masked_mean(1 - cosine(x, teacher), mask))
    projection, wide = cases.normal(0.5, 8, 6), cases.normal(1, 2, 4, 8)
    cases.add("hidden_mse_projected", {},
              {"teacherHidden": wide, "studentHidden": student, "projection": projection,
               "mask": mask},
              "studentHidden",
              lambda x: masked_mean(((x @ projection.T - wide) ** 2).mean(-1), mask))
    add_attention(cases, mask)
    add_relations(cases, mask)


def add_attention(cases, mask):
    """Add the squared error of attention scores before the softmax, over valid pairs."""
    teacher, student = cases.normal(1, 2, 3, 4, 4), cases.normal(1, 2, 3, 4, 4)
    pairs = (mask[:, None, :, None] * mask[:, None, None, :]) * np.ones((1, 3, 1, 1))
    cases.add("attention_mse", {},
              {"teacherScores": teacher, "studentScores": student, "mask": mask},
              "studentScores", lambda x: masked_mean((x - teacher) ** 2, pairs))


def add_relations(cases, mask):
    """Add MiniLMv2's relations, a mean over heads and valid queries."""
    for heads in (1, 2):
        teacher, student = cases.normal(1, 2, 4, 8), cases.normal(1, 2, 4, 4)

        def loss(x, heads=heads, teacher=teacher):
            log_p, log_q = relations(teacher, heads, mask), relations(x, heads, mask)
            real = mask[:, None, None, :] > 0
            rows = np.where(real, np.exp(log_p) * (log_p - log_q), 0.0).sum(-1)
            return float((rows * mask[:, None, :]).sum() / (heads * mask.sum()))

        cases.add("minilm_relation_kl", {"relationHeads": heads},
                  {"teacherVectors": teacher, "studentVectors": student, "mask": mask},
                  "studentVectors", loss)


def add_embeddings(cases):
    """Add losses on sentence embeddings and scores."""
    teacher, student = cases.normal(1, 5, 6), cases.normal(1, 5, 3)

    def huber(x):
        error = np.abs(relative_distances(x) - relative_distances(teacher))
        return float(np.where(error < 1, 0.5 * error * error, error - 0.5).mean())

    cases.add("rkd_distance", {"delta": 1.0},
              {"teacherEmbeddings": teacher, "studentEmbeddings": student},
              "studentEmbeddings", huber)
    positive, negative = cases.normal(1, 4), cases.normal(1, 4)
    teacher_positive, teacher_negative = cases.normal(5, 4), cases.normal(5, 4)
    cases.add("margin_mse", {},
              {"studentPositive": positive, "studentNegative": negative,
               "teacherPositive": teacher_positive, "teacherNegative": teacher_negative},
              "studentPositive",
              lambda x: float(
                  (((x - negative) - (teacher_positive - teacher_negative)) ** 2).mean()))
    add_clip(cases)


def add_clip(cases):
    """Add contrastive relational distillation (CLIP-KD, arXiv 2307.12732)."""
    teacher_image, teacher_text, image, text = (cases.normal(1, 4, d) for d in (6, 6, 3, 3))

    def loss(x):
        a = normalised(teacher_image) @ normalised(teacher_text).T / 0.07
        b = normalised(x) @ normalised(text).T / 0.07
        return float(0.5 * (kl(log_softmax(a), log_softmax(b)).mean()
                            + kl(log_softmax(a.T), log_softmax(b.T)).mean()))

    cases.add("clip_relational", {"temperature": 0.07},
              {"teacherImage": teacher_image, "teacherText": teacher_text,
               "studentImage": image, "studentText": text},
              "studentImage", loss)


def add_vocabularies(cases):
    """Add ULD (arXiv 2402.12030) and a mixture of two teachers."""
    teacher, student = cases.normal(2, 3, 9), cases.normal(2, 3, 6)
    cases.add("uld", {}, {"teacherLogits": teacher, "studentLogits": student}, "studentLogits",
              lambda x: float(np.abs(sorted_probabilities(teacher, 9)
                                     - sorted_probabilities(x, 9)).sum(-1).mean()))
    first, second, student = cases.normal(2, 3, 5), cases.normal(2, 3, 5), cases.normal(2, 3, 5)
    weights = [0.25, 0.75]
    log_p = np.log(weights[0] * np.exp(log_softmax(first / 2))
                   + weights[1] * np.exp(log_softmax(second / 2)))
    cases.add("multi_teacher_mixture_kl", {"temperature": 2.0, "weights": weights},
              {"teacherLogits1": first, "teacherLogits2": second, "studentLogits": student},
              "studentLogits", lambda x: float(4 * kl(log_p, log_softmax(x / 2)).mean()))


def add_preferences(cases):
    """Add DPO (arXiv 2305.18290) on summed completion log-probabilities."""
    chosen, rejected, reference_chosen, reference_rejected = (
        cases.normal(5, 4, mean=-20) for _ in range(4))
    for smoothing in (0.0, 0.1):

        def loss(x, smoothing=smoothing):
            margin = 0.1 * ((x - rejected) - (reference_chosen - reference_rejected))
            return float((-(1 - smoothing) * log_sigmoid(margin)
                          - smoothing * log_sigmoid(-margin)).mean())

        cases.add("dpo", {"beta": 0.1, "labelSmoothing": smoothing},
                  {"policyChosen": chosen, "policyRejected": rejected,
                   "referenceChosen": reference_chosen, "referenceRejected": reference_rejected},
                  "policyChosen", loss)


def main():
    """Write all cases."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=20261121)
    parser.add_argument("--out", type=Path, default=Path("losses.json"))
    options = parser.parse_args()
    cases = Cases(options.seed)
    for add in (add_divergences, add_adaptive, add_hinton, add_top_k, add_features,
                add_embeddings, add_vocabularies, add_preferences):
        add(cases)
    content = {"seed": options.seed, "conventions": CONVENTIONS, "cases": cases.all}
    options.out.write_text(json.dumps(content), encoding="utf-8")
    print(len(cases.all), "cases")


if __name__ == "__main__":
    main()
