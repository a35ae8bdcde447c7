"""Small encoders made on the spot: BERT with 2 layers of 16 numbers and random weights."""

from pathlib import Path
from typing import Any

WORDS = "pooling mean the of token tokens embedding sentence attention is are a what learning rate"
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789.,?:-"


def make_tiny_model(
    folder: Path, *, pooling: str = "mean", normalize: bool = True, seed: int = 0, **options: Any
) -> Path:
    """Save a sentence-transformers model of 16 dimensions that reads 24 tokens.

    Args:
        folder: Where to.
        pooling: "mean", "cls" or "max".
        normalize: Whether a Normalize module ends it.
        seed: Of its weights.
        options: `prompts`, `default_prompt_name` of SentenceTransformer.
    """
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()
    raw = folder.with_name(f"{folder.name}-raw")
    raw.mkdir(parents=True)
    pieces = [*LETTERS, *(f"##{letter}" for letter in LETTERS), *WORDS.split()]
    vocabulary = dict.fromkeys(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *pieces])
    tokens = {token: number for number, token in enumerate(vocabulary)}
    BertTokenizerFast(vocab=tokens, model_max_length=24).save_pretrained(raw)
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=len(tokens),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=32,
        initializer_range=0.5,  # so that the embeddings of different texts differ
    )
    BertModel(config).save_pretrained(raw)
    transformer = Transformer(str(raw), max_seq_length=24)
    modules = [transformer, Pooling(16, pooling_mode=pooling), *([Normalize()] * normalize)]
    SentenceTransformer(modules=modules, device="cpu", **options).save(
        str(folder), create_model_card=False
    )
    return folder
