"""Write golden files for checking decoders against transformers.

Makes a tiny random checkpoint of every decoder family, with the logits that transformers
computes for three sequences (one at a time, and padded together), what each generates
greedily, and the gradients of one family. The same versions of the libraries always write
the same numbers.

Usage: python decoder_parity.py --out core/src/test/resources/decoders
"""
import argparse
import json
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from transformers import (
    Gemma3ForCausalLM,
    Gemma3TextConfig,
    GPT2Config,
    GPT2LMHeadModel,
    LlamaConfig,
    LlamaForCausalLM,
    MistralConfig,
    MistralForCausalLM,
    Qwen2Config,
    Qwen2ForCausalLM,
    Qwen3Config,
    Qwen3ForCausalLM,
)

SEED = 20261122
SCALE = 0.25
VOCAB, POSITIONS = 96, 64
LENGTHS = (13, 7, 4)
NEW_TOKENS = 10
COMMON = {"vocab_size": VOCAB, "hidden_size": 32, "num_hidden_layers": 3,
          "num_attention_heads": 4, "intermediate_size": 48,
          "max_position_embeddings": POSITIONS, "bos_token_id": 1, "eos_token_id": 2,
          "pad_token_id": 0, "attn_implementation": "eager"}
LLAMA3 = {"rope_type": "llama3", "rope_theta": 10000.0, "factor": 8.0, "low_freq_factor": 1.0,
          "high_freq_factor": 4.0, "original_max_position_embeddings": 16}


def families():
    """Return {folder: (model class, configuration)}."""
    return {
        "llama": (LlamaForCausalLM, LlamaConfig(
            **COMMON, num_key_value_heads=2, tie_word_embeddings=False, rms_norm_eps=1e-5,
            rope_parameters=LLAMA3)),
        "llama-tied": (LlamaForCausalLM, LlamaConfig(
            **COMMON, num_key_value_heads=4, tie_word_embeddings=True, attention_bias=True,
            mlp_bias=True, rope_parameters={"rope_type": "linear", "rope_theta": 5000.0,
                                            "factor": 2.0})),
        "mistral": (MistralForCausalLM, MistralConfig(
            **COMMON, num_key_value_heads=1, sliding_window=5, head_dim=12)),
        "qwen2": (Qwen2ForCausalLM, Qwen2Config(
            **COMMON, num_key_value_heads=2, use_sliding_window=True, sliding_window=4,
            max_window_layers=1, tie_word_embeddings=True)),
        "qwen3": (Qwen3ForCausalLM, Qwen3Config(
            **COMMON, num_key_value_heads=2, head_dim=16, tie_word_embeddings=True)),
        "gemma3": (Gemma3ForCausalLM, Gemma3TextConfig(
            **COMMON, num_key_value_heads=1, head_dim=16, sliding_window=4,
            query_pre_attn_scalar=24, layer_types=["sliding_attention", "full_attention",
                                                   "sliding_attention"])),
        "gpt2": (GPT2LMHeadModel, GPT2Config(
            vocab_size=VOCAB, n_embd=32, n_layer=3, n_head=4, n_inner=48, n_positions=POSITIONS,
            bos_token_id=1, eos_token_id=2, pad_token_id=0, attn_implementation="eager")),
    }


def sequences():
    """Return the token ids of all sequences."""
    generator = torch.Generator().manual_seed(SEED)
    return [torch.randint(3, VOCAB, (length,), generator=generator) for length in LENGTHS]


def randomize(model):
    """Give every parameter a value that matters, norms and biases included."""
    generator = torch.Generator().manual_seed(SEED)
    with torch.no_grad():
        for name, parameter in sorted(model.named_parameters()):
            noise = torch.randn(parameter.shape, generator=generator) * SCALE
            is_norm = "norm" in name or "ln_" in name
            one = 1.0 if is_norm and name.endswith("weight") else 0.0
            parameter.copy_(noise + one)


def padded_logits(model):
    """Return the logits of all sequences, padded on the right, without those of padding."""
    texts = sequences()
    length = max(map(len, texts))
    ids = torch.stack([F.pad(text, (0, length - len(text))) for text in texts])
    mask = torch.stack([F.pad(torch.ones(len(text)), (0, length - len(text))) for text in texts])
    logits = model(ids, attention_mask=mask.long()).logits
    return [row[:len(text)] for row, text in zip(logits, texts)]


def golden(model):
    """Return the expected tensors of `model`."""
    expected = {}
    together = padded_logits(model)
    for i, ids in enumerate(sequences()):
        output = model(ids[None], output_hidden_states=True)
        torch.testing.assert_close(output.logits[0], together[i], atol=2e-5, rtol=1e-5)
        expected[f"ids.{i}"] = ids
        expected[f"logits.{i}"] = output.logits[0].contiguous()
        expected[f"hidden.{i}"] = output.hidden_states[-1][0].contiguous()
        tokens = model.generate(ids[None], attention_mask=torch.ones_like(ids)[None],
                                do_sample=False, max_new_tokens=NEW_TOKENS, eos_token_id=VOCAB + 1)
        expected[f"generated.{i}"] = tokens[0, len(ids):].contiguous()
    return expected


def gradients(model):
    """Return the gradients of the summed cross-entropy of all next tokens."""
    loss = sum(F.cross_entropy(model(ids[None]).logits[0, :-1], ids[1:], reduction="sum")
               for ids in sequences())
    loss.backward()
    grads = {"gradient." + name: parameter.grad.contiguous()
             for name, parameter in model.named_parameters()}
    return {"loss": loss.detach().reshape(1), **grads}


def main():
    """Write all golden files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    torch.use_deterministic_algorithms(True)
    for name, (model_class, config) in families().items():
        model = model_class(config).eval()
        randomize(model)
        folder = out / name
        model.save_pretrained(folder, max_shard_size="40KB" if name == "llama" else "5GB")
        (folder / "generation_config.json").unlink(missing_ok=True)
        expected = golden(model)
        if name in ("llama", "gemma3", "gpt2"):
            expected |= gradients(model)
        save_file({key: value.detach() for key, value in expected.items()},
                  folder / "expected.safetensors")
    # The same model as configurations before version 5 described it.
    config = json.loads((out / "llama/config.json").read_text())
    rope = config.pop("rope_parameters")
    config["rope_theta"] = rope.pop("rope_theta")
    config["rope_scaling"] = rope
    (out / "llama/config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
