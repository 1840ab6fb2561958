"""A chat model small enough to be made by a test, in the real file layout, taught a few translations by heart."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from nmt_teaching import ZH_EN, folder_of, learn, new

CHAT = (
    "{% for one in messages %}<|im_start|>{{ one.role }}\n"
    "{% if one.content is string %}{{ one.content }}"
    "{% else %}{{ one.content[0].source_lang_code }} {{ one.content[0].target_lang_code }}: {{ one.content[0].text }}"
    "{% endif %}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


@cache
def chat(name: str = "tiny-chat", prompt: str = "把下面的文本翻译成英语，不要额外解释。\n\n{text}") -> Path:
    """A Qwen2 with a chat template that knows the sentences under the words ``prompt`` asks with."""
    import torch
    import transformers
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    folder, pairs = folder_of(name), dict(list(ZH_EN.items())[:6])
    base = Tokenizer(models.BPE())
    base.pre_tokenizer, base.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=700, special_tokens=special, show_progress=False, initial_alphabet=alphabet
    )
    base.train_from_iterator([prompt, *pairs, *pairs.values()] * 3, trainer)
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=base, eos_token="<|im_end|>", pad_token="<|endoftext|>"
    )
    tokenizer.chat_template = CHAT
    tokenizer.save_pretrained(folder)
    config = transformers.Qwen2Config(
        vocab_size=len(tokenizer), hidden_size=48, intermediate_size=96, num_hidden_layers=2, num_attention_heads=2,
        num_key_value_heads=2, max_position_embeddings=2048, eos_token_id=2, pad_token_id=0, bos_token_id=0,
        tie_word_embeddings=True,
    )  # fmt: skip
    model = new(transformers.Qwen2ForCausalLM, config)
    rows, labels = [], []
    for one, other in pairs.items():
        asked = [{"role": "user", "content": prompt.format(text=one)}]
        told = tokenizer.apply_chat_template(asked, tokenize=False, add_generation_prompt=True)
        ids = tokenizer(told, add_special_tokens=False)["input_ids"]
        answer = [*tokenizer(other, add_special_tokens=False)["input_ids"], 2]
        rows.append(ids + answer)
        labels.append([-100] * len(ids) + answer)
    longest = max(map(len, rows))
    ids = torch.tensor([row + [0] * (longest - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
    wanted = torch.tensor([row + [-100] * (longest - len(row)) for row in labels])
    learn(model, lambda: model(input_ids=ids, attention_mask=mask, labels=wanted).loss)
    model.generation_config = transformers.GenerationConfig(eos_token_id=2, pad_token_id=0)
    model.save_pretrained(folder)
    return folder
