"""Small encoders made on the spot: 2 layers of 16 numbers with random weights."""

from pathlib import Path
from typing import Any

WORDS = "pooling mean the of token tokens embedding sentence attention is are a what learning rate"
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789.,?:-"


def make_tiny_model(
    folder: Path,
    *,
    architecture: str = "Bert",
    pooling: str | tuple[str, ...] = "mean",
    normalize: bool = True,
    dense: int = 0,
    **options: Any,
) -> Path:
    """Save a sentence-transformers model of 16 dimensions that reads 24 tokens.

    Args:
        folder: Where to.
        architecture: "Bert", "Roberta", "XLMRoberta", "MPNet" or "DistilBert".
        pooling: One or more of Pooling.POOLING_MODES.
        normalize: Whether a Normalize module ends it.
        dense: Dimensions of a Dense module after pooling; 0 for none.
        options: `prompts`, `default_prompt_name` of SentenceTransformer; `do_lower_case` of
            Transformer.
    """
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Dense, Normalize, Pooling, Transformer

    raw = folder.with_name(f"{folder.name}-raw")
    raw.mkdir(parents=True)
    _save_raw(raw, architecture, lower_case=not options.pop("cased", False))
    lower_case = options.pop("do_lower_case", False)
    transformer = Transformer(str(raw), max_seq_length=24, do_lower_case=lower_case)
    modules = [transformer, Pooling(16, pooling_mode=pooling)]
    if dense:
        modules.append(Dense(modules[1].get_embedding_dimension(), dense))
    modules += [Normalize()] * normalize
    SentenceTransformer(modules=modules, device="cpu", **options).save(
        str(folder), create_model_card=False
    )
    return folder


def _save_raw(raw: Path, architecture: str, *, lower_case: bool) -> None:
    """Save a transformers model and a word piece tokenizer with its special tokens."""
    import torch
    import transformers
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()
    pieces = [*LETTERS, *(f"##{letter}" for letter in LETTERS), *WORDS.split()]
    vocabulary = dict.fromkeys(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *pieces])
    tokens = {token: number for number, token in enumerate(vocabulary)}
    transformers.BertTokenizerFast(
        vocab=tokens, model_max_length=24, do_lower_case=lower_case
    ).save_pretrained(raw)
    torch.manual_seed(0)
    # A large range, so that the embeddings of different texts differ.
    sizes = {"vocab_size": len(tokens), "max_position_embeddings": 32, "initializer_range": 0.5}
    if architecture == "DistilBert":
        sizes |= {"dim": 16, "n_layers": 2, "n_heads": 2, "hidden_dim": 32}
    else:
        sizes |= {
            "hidden_size": 16,
            "num_hidden_layers": 2,
            "num_attention_heads": 2,
            "intermediate_size": 32,
        }
    if architecture in ("Roberta", "XLMRoberta", "MPNet"):
        sizes |= {"pad_token_id": 0}
    config = getattr(transformers, f"{architecture}Config")(**sizes)
    getattr(transformers, f"{architecture}Model")(config).save_pretrained(raw)
