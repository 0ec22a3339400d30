"""Writes three tiny tokenizers that cut the same texts differently (tokenizers 0.23.3)."""
import json
import pathlib
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

HERE = pathlib.Path(__file__).parent
WORDS = "good bad slow the movie was very this time day".split()
TEXTS = [f"{a} {b} {c} day" for a in WORDS for b in WORDS for c in WORDS]


OTHERS = ["👩‍🚀 日本 café 👩 本"] * 200


def byte_level(name, texts, size, specials, begin):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size, special_tokens=specials,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    if begin:
        tokenizer.post_processor = processors.TemplateProcessing(
            single=f"{begin} $A", special_tokens=[(begin, tokenizer.token_to_id(begin))])
    save(tokenizer, name)


def pieces(name, size):
    tokenizer = Tokenizer(models.BPE(byte_fallback=True, unk_token="<unk>"))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(),
         decoders.Strip(" ", 1, 0)])
    trainer = trainers.BpeTrainer(
        vocab_size=size, show_progress=False, max_token_length=6,
        special_tokens=["<unk>", "<s>", "</s>"] + [f"<0x{i:02X}>" for i in range(256)])
    tokenizer.train_from_iterator(TEXTS, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A", special_tokens=[("<s>", 1)])
    save(tokenizer, name)
    # Bytes are ordinary tokens.
    file = HERE / name / "tokenizer.json"
    written = json.loads(file.read_text())
    written["added_tokens"] = written["added_tokens"][:3]
    file.write_text(json.dumps(written, ensure_ascii=False) + "\n")


def save(tokenizer, name):
    (HERE / name).mkdir(exist_ok=True)
    tokenizer.save(str(HERE / name / "tokenizer.json"), pretty=False)


byte_level("fine", TEXTS, 262, ["<|end|>"], None)
byte_level("coarse", TEXTS + OTHERS, 330, ["<s>", "</s>"], "<s>")
pieces("pieces", 310)
