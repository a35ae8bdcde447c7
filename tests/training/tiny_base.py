"""A model of a few thousand weights in a GGUF file, which llama.cpp and transformers both read.

It knows bytes and two marks, says nothing of sense, and learns in a second what it is shown.
"""

import numpy as np
from gguf import GGUFWriter, TokenType

TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
WIDTH, HEADS, KV_HEADS, INNER, LAYERS = 32, 4, 2, 64, 2
HEAD = {"llama": 8, "qwen2": 8, "qwen3": 128}
"""Width of a head; transformers takes 128 for every Qwen3, as all published ones have."""
_STORED = {
    "self_attn.q": "attn_q",
    "self_attn.k": "attn_k",
    "self_attn.v": "attn_v",
    "self_attn.o": "attn_output",
    "mlp.gate": "ffn_gate",
    "mlp.up": "ffn_up",
    "mlp.down": "ffn_down",
}


def widths(architecture):
    """Return inputs and outputs of the linear layers of a block, by transformers' names."""
    queries, keys = HEADS * HEAD[architecture], KV_HEADS * HEAD[architecture]
    return {
        "self_attn.q": (WIDTH, queries),
        "self_attn.k": (WIDTH, keys),
        "self_attn.v": (WIDTH, keys),
        "self_attn.o": (queries, WIDTH),
        "mlp.gate": (WIDTH, INNER),
        "mlp.up": (WIDTH, INNER),
        "mlp.down": (INNER, WIDTH),
    }


def byte_letters():
    """Return the letter by which a byte-level vocabulary writes each byte."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in plain]
    letters = {byte: chr(byte) for byte in plain}
    return letters | {byte: chr(256 + place) for place, byte in enumerate(others)}


def write_tiny_base(path, *, architecture="llama", seed=0, template=TEMPLATE, eot=257, context=512):
    """Write the model and return its path."""
    writer = GGUFWriter(path, architecture)
    writer.add_name("Tiny")
    writer.add_license("apache-2.0")
    writer.add_file_type(0)
    writer.add_context_length(context)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_key_length(HEAD[architecture])
    writer.add_value_length(HEAD[architecture])
    writer.add_rope_dimension_count(HEAD[architecture])
    writer.add_rope_freq_base(10000.0)
    size = _add_vocabulary(writer, template, eot)
    for name, matrix in _weights(architecture, size, np.random.default_rng(seed)):
        writer.add_tensor(name, matrix.astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _add_vocabulary(writer, template, eot):
    tokens = [*byte_letters().values(), "<|im_start|>", "<|im_end|>", "th"]
    kinds = [TokenType.NORMAL] * 256 + [TokenType.CONTROL] * 2 + [TokenType.NORMAL]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges(["t h"])
    writer.add_bos_token_id(256)
    writer.add_eos_token_id(257)
    writer.add_pad_token_id(257)
    writer.add_vocab_size(len(tokens))
    writer.add_eot_token_id(eot)
    writer.add_chat_template(template)
    return len(tokens)


def _weights(architecture, size, random):
    yield "token_embd.weight", random.normal(size=(size, WIDTH))
    yield "output.weight", random.normal(size=(size, WIDTH)) * 3 / WIDTH**0.5  # so as to be sure
    yield "output_norm.weight", np.ones(WIDTH)
    head = HEAD[architecture]
    for layer in range(LAYERS):
        for norm in ("attn_norm", "ffn_norm"):
            yield f"blk.{layer}.{norm}.weight", np.ones(WIDTH)
        for part, (inputs, outputs) in widths(architecture).items():
            name = f"blk.{layer}.{_STORED[part]}"
            yield f"{name}.weight", random.normal(size=(outputs, inputs)) / inputs**0.5
            if architecture == "qwen2" and part[-1] in "qkv":
                yield f"{name}.bias", random.normal(size=outputs) * 0.1
        if architecture == "qwen3":
            yield f"blk.{layer}.attn_q_norm.weight", random.uniform(0.5, 1.5, head)
            yield f"blk.{layer}.attn_k_norm.weight", random.uniform(0.5, 1.5, head)
