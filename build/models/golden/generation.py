"""Records what transformers' own search finds, as `tests/golden/generation.json`.

    python build/models/golden/generation.py

The model is a formula over the tokens so far, so that the test can compute the same logits with
numpy. transformers 4.57.6 was used; it needs `GenerationMixin._beam_search` of 4.50 or newer.
"""

import itertools
import json
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor, nn
from transformers import GenerationConfig, GenerationMixin, PretrainedConfig, PreTrainedModel
from transformers.modeling_outputs import CausalLMOutput

TARGET = Path(__file__).resolve().parents[3] / "tests" / "golden" / "generation.json"
VOCABULARY, END, PAD = 13, 12, 0
PROMPTS = ([1], [4, 7])


class FormulaConfig(PretrainedConfig):
    """Sizes of the formula."""

    model_type = "formula"
    vocab_size = VOCABULARY
    num_hidden_layers = 1


class Formula(PreTrainedModel, GenerationMixin):
    """Logits from the last token, the one before it, and how often each token was said."""

    config_class = FormulaConfig
    # Both bases declare it, each with a type of its own.
    generation_config: Any
    last: Tensor
    before: Tensor
    said: Tensor

    def __init__(self, config: FormulaConfig) -> None:
        super().__init__(config)
        self.nothing = nn.Parameter(torch.zeros(1))
        last, before, said = tables()
        self.register_buffer("last", torch.from_numpy(last))
        self.register_buffer("before", torch.from_numpy(before))
        self.register_buffer("said", torch.from_numpy(said))

    def forward(self, input_ids: Tensor, **_: object) -> CausalLMOutput:
        """The logits after each row's last token; only those are right."""
        counts = nn.functional.one_hot(input_ids, VOCABULARY).sum(dim=1).float()
        logits = self.last[input_ids[:, -1]] + counts @ self.said
        if input_ids.shape[1] > 1:
            logits = logits + self.before[input_ids[:, -2]]
        return CausalLMOutput(logits=cast("torch.FloatTensor", logits[:, None, :]))


def tables() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The formula's numbers, float32 [VOCABULARY, VOCABULARY] each; the test has the same."""
    places = np.arange(VOCABULARY * VOCABULARY, dtype=np.float64).reshape(VOCABULARY, VOCABULARY)
    last = 2.0 * np.sin(places * 1.7 + 0.3)
    last[:, END] += 3.5
    before = 1.5 * np.sin(places * 2.9 + 1.1)
    said = 0.4 * np.sin(places * 0.7 + 2.0)
    return last.astype(np.float32), before.astype(np.float32), said.astype(np.float32)


def searches() -> list[dict[str, Any]]:
    """The settings that are tried."""
    kinds = itertools.product((1, 2, 3, 5), (0.0, 0.7, 1.0, 2.0, -0.5), (0, 2), (False, True), (1, 7, 14))
    return [
        {"beams": b, "length_penalty": p, "no_repeat_ngram": n, "early_stopping": e, "max_new_tokens": m}
        for b, p, n, e, m in kinds
        if b > 1 or (p == 1.0 and not e)
    ]


def found(model: Formula, prompt: list[int], search: dict[str, Any]) -> tuple[list[int], float | None]:
    """What transformers generates, without prompt and padding, and its score (none for greedy)."""
    beams = int(search["beams"])
    scoring = {key: search[key] for key in ("length_penalty", "early_stopping") if beams > 1}
    config = GenerationConfig(
        num_beams=beams,
        do_sample=False,
        max_new_tokens=search["max_new_tokens"],
        no_repeat_ngram_size=search["no_repeat_ngram"],
        eos_token_id=END,
        pad_token_id=PAD,
        use_cache=False,
        return_dict_in_generate=True,
        output_scores=True,
        **scoring,
    )
    out: Any = model.generate(torch.tensor([prompt]), generation_config=config)
    text = out.sequences[0, len(prompt) :].tolist()
    while END in text[:-1] or (text and text[-1] == PAD and END in text):
        text = text[: text.index(END) + 1]
    return text, round(float(out.sequences_scores[0]), 5) if beams > 1 else None


def main() -> None:
    """Runs every search from every prompt and writes the answers."""
    model = Formula(FormulaConfig())
    nn.Module.eval(model)
    answers = []
    for search in searches():
        for prompt in PROMPTS:
            text, score = found(model, prompt, search)
            answers.append({"prompt": prompt, **search, "text": text, "score": score})
    lines = ",\n".join(json.dumps(answer) for answer in answers)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(f"[\n{lines}\n]\n", "utf-8")


if __name__ == "__main__":
    main()
