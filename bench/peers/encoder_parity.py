"""Write golden files for checking an encoder implementation against PyTorch.

Makes tiny random checkpoints of six encoder families, three of them with masked-LM
heads too, with their expected hidden states, attention maps and outputs; gradients
of one of them; a few AdamW steps; and a small WordPiece tokenizer with expected ids. The same versions of the
libraries always write the same numbers.

Usage: python encoder_parity.py --out golden
"""
import argparse
import json
from importlib.metadata import version
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import (
    BertConfig,
    BertForMaskedLM,
    BertForSequenceClassification,
    BertModel,
    DistilBertConfig,
    DistilBertForMaskedLM,
    DistilBertForSequenceClassification,
    RobertaConfig,
    RobertaForMaskedLM,
    RobertaForSequenceClassification,
    XLMRobertaConfig,
    XLMRobertaForSequenceClassification,
)

SEED = 20240611
SCALE = 0.2
VOCAB, POSITIONS = 120, 40
HIDDEN, HEADS, INTERMEDIATE = 32, 4, 64
LENGTHS = (11, 7, 4)
LABELS = (0, 2, 1)
LABEL_NAMES = ("negative", "neutral", "positive")
FIRST_WORD_ID = 5
GRADIENT_PARAMETERS = (
    "bert.embeddings.word_embeddings.weight",
    "bert.encoder.layer.0.attention.self.query.weight",
    "bert.encoder.layer.2.output.LayerNorm.bias",
    "classifier.weight",
)
ADAMW = {"lr": 0.01, "betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0.1}

SPECIALS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
SYMBOLS = (".", ",", "!", "?", "'", "-", "0", "1", "2", "##0", "##1", "##2", "中", "文", "🙂")
PIECES = ("##ing", "##ed", "##er", "##ly", "##est", "##ness", "##able", "##ful")
WORDS = (
    "the", "and", "is", "was", "not", "this", "that", "it", "to", "of", "in", "my", "you",
    "movie", "film", "good", "bad", "great", "very", "love", "hate", "like", "walk", "play",
    "happy", "cafe", "time", "day", "work", "service", "slow", "fast", "price", "never",
    "un", "hello", "world", "help", "fine", "book",
)
TEXTS = (
    "The movie was great!",
    "this is NOT a good film, it was very slow.",
    "unhappy walking, played helpful hello-world",
    "Café NAÏVE über",
    "I love this 🙂 book 🚀",
    "中文 good 国",
    "",
    "   \t\n  ",
    "price: 210 and 12.02 and 35",
    "it's the\u00a0slowest\u200bday\u0007 ever",
    "[MASK] is fine [SEP] book",
    "x" * 101,
    "e\u0301 Ｇｏｏｄ ß İ ﬁne",
)
PAIRS = (
    ("is the service good?", "never, very bad"),
    ("hello world", ""),
)


# --- checkpoints -------------------------------------------------------------

def label_settings():
    """Return the config entries that name the three classes."""
    return {
        "num_labels": len(LABEL_NAMES),
        "id2label": dict(enumerate(LABEL_NAMES)),
        "label2id": {name: i for i, name in enumerate(LABEL_NAMES)},
    }


def bert_config(layers=2, **extra):
    """Return a tiny BERT configuration."""
    return BertConfig(vocab_size=VOCAB, hidden_size=HIDDEN, num_hidden_layers=layers,
                      num_attention_heads=HEADS, intermediate_size=INTERMEDIATE,
                      max_position_embeddings=POSITIONS, type_vocab_size=2,
                      layer_norm_eps=1e-12, pad_token_id=0, **extra)


def distilbert_config():
    """Return a tiny DistilBERT configuration."""
    return DistilBertConfig(vocab_size=VOCAB, dim=HIDDEN, n_layers=2, n_heads=HEADS,
                            hidden_dim=INTERMEDIATE, max_position_embeddings=POSITIONS,
                            pad_token_id=0, **label_settings())


def roberta_config(config_class):
    """Return a tiny RoBERTa or XLM-R configuration."""
    return config_class(vocab_size=VOCAB, hidden_size=HIDDEN, num_hidden_layers=2,
                        num_attention_heads=HEADS, intermediate_size=INTERMEDIATE,
                        max_position_embeddings=POSITIONS, type_vocab_size=1,
                        layer_norm_eps=1e-5, bos_token_id=0, pad_token_id=1,
                        eos_token_id=2, **label_settings())


def families():
    """Return {name: (model class, config, pooling or None)}."""
    return {
        "bert": (BertForSequenceClassification, bert_config(3, **label_settings()), None),
        "distilbert": (DistilBertForSequenceClassification, distilbert_config(), None),
        "roberta": (RobertaForSequenceClassification, roberta_config(RobertaConfig), None),
        "xlm-roberta": (XLMRobertaForSequenceClassification,
                        roberta_config(XLMRobertaConfig), None),
        "minilm": (BertModel, bert_config(), "mean"),
        "bge": (BertModel, bert_config(), "cls"),
        "bert-masked": (BertForMaskedLM, bert_config(), None),
        "distilbert-masked": (DistilBertForMaskedLM, distilbert_config(), None),
        "roberta-masked": (RobertaForMaskedLM, roberta_config(RobertaConfig), None),
    }


def randomise(model, generator):
    """Give every parameter, biases and LayerNorm included, a clearly non-default value."""
    for module in model.modules():
        norm = isinstance(module, torch.nn.LayerNorm)
        for name, parameter in module.named_parameters(recurse=False):
            noise = torch.randn(parameter.shape, generator=generator) * SCALE
            parameter.data.copy_(noise + 1 if norm and name == "weight" else noise)


def build_model(model_class, config, generator):
    """Return a random model in evaluation mode with plain attention."""
    config._attn_implementation = "eager"
    model = model_class(config)
    randomise(model, generator)
    return model.eval()


def special_ids(config):
    """Return the (first, last, padding) token ids of a family."""
    if config.pad_token_id == 1:
        return config.bos_token_id, config.eos_token_id, config.pad_token_id
    return 2, 3, 0  # [CLS], [SEP] and [PAD] of the tokenizer written beside


def make_inputs(config, generator):
    """Return a right-padded batch as the model's keyword arguments."""
    first, last, pad = special_ids(config)
    shape = (len(LENGTHS), max(LENGTHS))
    ids = torch.randint(FIRST_WORD_ID, VOCAB, shape, generator=generator)
    mask = torch.zeros(shape, dtype=torch.int64)
    types = torch.zeros(shape, dtype=torch.int64)
    for row, length in enumerate(LENGTHS):
        ids[row, 0], ids[row, length - 1], ids[row, length:] = first, last, pad
        mask[row, :length] = 1
        types[row, length // 2:length] = 1
    inputs = {"input_ids": ids, "attention_mask": mask}
    if getattr(config, "type_vocab_size", 1) > 1:
        inputs["token_type_ids"] = types
    return inputs


def pool(hidden, mask, pooling):
    """Return the sentence vector of the last hidden state."""
    if pooling == "cls":
        return hidden[:, 0]
    weights = mask.unsqueeze(-1).to(hidden.dtype)
    return (hidden * weights).sum(1) / weights.sum(1)


def result_tensors(output, inputs, pooling):
    """Return the named tensors that an implementation should reproduce."""
    tensors = dict(inputs)
    tensors.update({f"hidden_{i}": h for i, h in enumerate(output.hidden_states)})
    tensors.update({f"attention_{i}": a for i, a in enumerate(output.attentions)})
    if pooling is None:
        tensors["logits"] = output.logits
        return tensors
    tensors["pooled"] = pool(output.last_hidden_state, inputs["attention_mask"], pooling)
    tensors["embedding"] = F.normalize(tensors["pooled"], dim=-1)
    return tensors


def check_padding(model, inputs, expected, pooling):
    """Check that every row alone, without padding, gives the same result."""
    key = "logits" if pooling is None else "embedding"
    for row, length in enumerate(LENGTHS):
        single = {name: value[row:row + 1, :length] for name, value in inputs.items()}
        output = model(**single, output_hidden_states=True, output_attentions=True)
        alone = result_tensors(output, single, pooling)[key][0]
        whole = expected[key][row]
        if alone.dim() > 1:  # one row a token: those of padding mean nothing
            whole = whole[:length]
        torch.testing.assert_close(alone, whole, rtol=1e-4, atol=1e-5)


def save_tensors(tensors, path):
    """Save tensors as one safetensors file."""
    save_file({name: value.detach().clone().contiguous() for name, value in tensors.items()},
              str(path))
    path.chmod(0o644)


def write_family(name, seed, model_class, config, pooling, out):
    """Write one family's checkpoint and expected tensors; return model and inputs."""
    generator = torch.Generator().manual_seed(seed)
    model = build_model(model_class, config, generator)
    inputs = make_inputs(config, generator)
    with torch.no_grad():
        output = model(**inputs, output_hidden_states=True, output_attentions=True)
        expected = result_tensors(output, inputs, pooling)
        check_padding(model, inputs, expected, pooling)
    model.save_pretrained(out / name)
    (out / name / "model.safetensors").chmod(0o644)
    save_tensors(expected, out / name / "expected.safetensors")
    return model, inputs


# --- gradients and optimizer -------------------------------------------------

def write_gradients(model, inputs, out):
    """Write the summed cross-entropy loss of the BERT batch and some gradients."""
    labels = torch.tensor(LABELS)
    model.zero_grad()
    loss = F.cross_entropy(model(**inputs).logits, labels, reduction="sum")
    loss.backward()
    parameters = dict(model.named_parameters())
    tensors = {name: parameters[name].grad for name in GRADIENT_PARAMETERS}
    save_tensors({**tensors, "loss": loss.reshape(1), "labels": labels},
                 out / "gradients.safetensors")


def write_adamw(out):
    """Write five AdamW steps on a small parameter."""
    generator = torch.Generator().manual_seed(SEED)
    parameter = torch.nn.Parameter(torch.randn(4, 3, generator=generator))
    optimizer = torch.optim.AdamW([parameter], foreach=False, fused=False, **ADAMW)
    tensors = {"param_0": parameter.detach().clone()}
    for step in range(5):
        parameter.grad = torch.randn(4, 3, generator=generator)
        optimizer.step()
        tensors[f"grad_{step}"] = parameter.grad.clone()
        tensors[f"param_{step + 1}"] = parameter.detach().clone()
    save_tensors(tensors, out / "adamw.safetensors")


# --- tokenizer ---------------------------------------------------------------

def vocabulary():
    """Return {token: id} with exactly as many entries as the tiny models know."""
    tokens = [*SPECIALS, *LETTERS, *(f"##{c}" for c in LETTERS), *SYMBOLS, *PIECES, *WORDS]
    if len(tokens) != VOCAB or len(set(tokens)) != VOCAB:
        raise ValueError(f"{len(set(tokens))} distinct tokens instead of {VOCAB}")
    return {token: i for i, token in enumerate(tokens)}


def build_tokenizer():
    """Return a lower-casing BERT tokenizer over the tiny vocabulary."""
    vocab = vocabulary()
    tokenizer = Tokenizer(models.WordPiece(vocab, unk_token="[UNK]",
                                           max_input_chars_per_word=100))
    tokenizer.add_special_tokens(list(SPECIALS))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0", pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1",
        special_tokens=[("[CLS]", vocab["[CLS]"]), ("[SEP]", vocab["[SEP]"])])
    tokenizer.decoder = decoders.WordPiece(prefix="##")
    return tokenizer


def expected_encoding(tokenizer, text, pair=None):
    """Return one expected encoding as a JSON-ready dictionary."""
    encoding = tokenizer.encode(text, pair)
    return {"text": text, "pair": pair, "ids": encoding.ids, "type_ids": encoding.type_ids,
            "tokens": encoding.tokens}


def write_tokenizer(out):
    """Write the tokenizer and its expected encodings."""
    folder = out / "tokenizer"
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = build_tokenizer()
    tokenizer.save(str(folder / "tokenizer.json"))
    cases = [expected_encoding(tokenizer, text) for text in TEXTS]
    cases += [expected_encoding(tokenizer, text, pair) for text, pair in PAIRS]
    (folder / "expected.json").write_text(
        json.dumps(cases, ensure_ascii=True, indent=1) + "\n", encoding="utf-8")


# --- readme and command line -------------------------------------------------

README = """# Golden files for the encoders

Written by `encoder_parity.py` with {versions}.
Fixed seed: the same versions write the same numbers. Weights are random (standard deviation {scale}; LayerNorm weights around 1) and mean
nothing; every bias and LayerNorm parameter is non-default, so that a missing one shows.

Each family folder holds `config.json` and `model.safetensors` (fp32, as `save_pretrained` writes
them) and `expected.safetensors`:

| tensor | shape | meaning |
| --- | --- | --- |
| `input_ids`, `attention_mask` | [B,T] int64 | right-padded batch, B=3, T=11, lengths {lengths} |
| `token_type_ids` | [B,T] int64 | BERT, MiniLM-like and BGE-like only; with ones |
| `hidden_0` .. `hidden_L` | [B,T,D] fp32 | embedding output (after its LayerNorm), then each layer's output |
| `attention_0` .. | [B,H,T,T] fp32 | attention probabilities |
| `logits` | [B,3] fp32 | families with a classification head |
| `logits` | [B,T,120] fp32 | families with a masked-LM head (`-masked`), tied to the word embeddings |
| `pooled`, `embedding` | [B,D] fp32 | MiniLM-like: mean over the mask; BGE-like: first token; `embedding` is `pooled` L2-normalised |

Evaluation mode (no dropout), eager attention, exact (erf) GELU. Hidden 32, 4 heads, intermediate 64,
vocabulary 120, 40 positions, 2 layers (BERT: 3). LayerNorm epsilon: 1e-12, but 1e-5 for RoBERTa and
XLM-R. RoBERTa and XLM-R have pad id 1 and positions that start at pad id + 1 = 2; the others pad id 0.
`minilm` and `bge` are plain `BertModel`s; their pooler weights are in the file but not used here.

**Outputs at padded positions are not meaningful**: compare hidden states only where
`attention_mask` is 1, and attention maps only in the rows (queries) of such positions. In those
rows the probability of a padded key is 0.

`gradients.safetensors`: BERT family, the inputs of its `expected.safetensors`, evaluation mode,
`loss` [1] = SUM over the batch of cross-entropy with `labels` {labels}; gradients are under the
parameter names of the checkpoint.

`adamw.safetensors`: `torch.optim.AdamW`, lr 0.01, betas 0.9 and 0.999, eps 1e-8, weight decay 0.1
(decoupled): `param_0` is the start, and step i (from 0) takes `grad_i` from `param_i` to `param_(i+1)`.

`tokenizer/`: a lower-casing WordPiece `tokenizer.json` with exactly 120 entries (ids fit the tiny
models) and `expected.json`, a list of `text`, `pair` (or null), `ids`, `type_ids`, `tokens`.
"""


def write_readme(out):
    """Write how the files were made and how to read them."""
    names = ("torch", "transformers", "tokenizers", "safetensors")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    (out / "README.md").write_text(README.format(
        versions=versions, scale=SCALE, lengths=list(LENGTHS), labels=list(LABELS)),
        encoding="utf-8")


def main():
    """Write all golden files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("golden"))
    out = parser.parse_args().out
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    for index, (name, family) in enumerate(families().items()):
        model, inputs = write_family(name, SEED + index, *family, out)
        if name == "bert":
            write_gradients(model, inputs, out)
    write_adamw(out)
    write_tokenizer(out)
    write_readme(out)


if __name__ == "__main__":
    main()
