"""The whole recipe of the pack ``starter-caption``: data to pack."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from torch import Tensor

from kit.flickr8k import read_captions
from kit.request import TrainRequest
from kit.rows import RESULTS, keep_rows
from kit.seeds import seed_everything
from starter_caption.blending import Blended, blend
from starter_caption.calibration import calibrate
from starter_caption.card import write_card
from starter_caption.dataset import grid_split, vocabulary_of
from starter_caption.found import RunFacts, Searched, result_rows
from starter_caption.likelihood import LikelihoodPlan, train_likelihood
from starter_caption.model import CaptionModel, Sizes
from starter_caption.packing import declare, write_pack
from starter_caption.reinforce import LOOP, ReinforcePlan, train_reinforce
from starter_caption.scoring import score_language
from starter_caption.start import find_start
from starter_caption.training import Phase, Progress, Workshop
from starter_caption.words import START

SMOKE_PICTURES = 64
VIEWS = 8
BEAMS = 3
# Length penalty while mixtures of weights are compared; the final one is chosen afterwards.
PENALTY = 1.0
LENGTH_PENALTIES = (0.6, 0.8, 1.0, 1.2)
# Measured for RESULTS.md; one beam is greedy search.
OTHER_BEAMS = (1, 5)


@dataclass(frozen=True)
class Run:
    """One run of the CIDEr phase.

    Attributes:
        seed: Of everything by chance in it.
        dropout: Of the model while it is trained.
        plan: Its settings.
    """

    seed: int
    dropout: float
    plan: ReinforcePlan


# Learns fast and by heart: no dropout, no English likelihood beside the reward.
BOLD = ReinforcePlan(
    loop=replace(LOOP, epochs=6, warm_up=0.02, dropout=False, patience=3),
    rate=1e-4,
    likelihood=0.0,
    consensus=0.0,
)


@dataclass(frozen=True)
class Plan:
    """Both phases."""

    likelihood: LikelihoodPlan = field(default_factory=lambda: LikelihoodPlan(rate=1.5e-3, consensus=0.5))
    runs: tuple[Run, ...] = (Run(20240501, 0.15, BOLD),)


def train(request: TrainRequest) -> None:
    """Trains, exports, measures and describes the pack.

    Raises:
        FileNotFoundError: ``flickr8k`` is not in the data folder, or ``starter-vision`` was not made.
    """
    torch.set_num_threads(request.threads)
    plan = _short(Plan()) if request.smoke else Plan()
    shop = open_workshop(request)
    phases: dict[str, Progress] = {}
    before = _before(shop, plan, phases)
    runs = {}
    for number, run in enumerate(plan.runs, 1):
        phases[f"reinforce-{number}"] = _reinforced(shop, run, before, f"reinforce-{number}")
        runs[f"run {number}"] = phases[f"reinforce-{number}"].best
    finish(shop, phases, blend(shop, before, runs, BEAMS, PENALTY))


def open_workshop(request: TrainRequest, dropout: float = Sizes.dropout) -> Workshop:
    """Reads the grids and captions and builds the untrained model."""
    seed_everything(request.seed)
    limit = SMOKE_PICTURES if request.smoke else None
    vocabulary = vocabulary_of(read_captions(request.data / "flickr8k", "train"))
    model = CaptionModel(Sizes(len(vocabulary), dropout=dropout))
    training = grid_split(request, "train", vocabulary, VIEWS, limit)
    return Workshop(model, training, grid_split(request, "val", vocabulary, 1, limit), vocabulary, request)


def _before(shop: Workshop, plan: Plan, phases: dict[str, Progress]) -> dict[str, Tensor]:
    """Weights of the likelihood phase: those that taught the encoder, or trained here on its grids."""
    start = find_start(shop.request)
    if start is None:
        phases["likelihood"] = train_likelihood(shop, plan.likelihood)
        return phases["likelihood"].best
    print("the decoder that taught the encoder is the start", flush=True)
    return start


def _reinforced(shop: Workshop, run: Run, before: Mapping[str, Tensor], name: str) -> Progress:
    """One run of the CIDEr phase on a model of its own."""
    seed_everything(run.seed)
    model = CaptionModel(replace(shop.model.sizes, dropout=run.dropout))
    model.load_state_dict(before)
    request = replace(shop.request, seed=run.seed)
    loop = replace(run.plan.loop, name=name)
    return train_reinforce(replace(shop, model=model, request=request), replace(run.plan, loop=loop))


def finish(shop: Workshop, phases: Mapping[str, Progress], blended: list[Blended]) -> None:
    """Chooses the search on validation, then writes the pack, its card and the rows of RESULTS.md."""
    request, searched = shop.request, search_all(shop)
    generation = generation_section(searched)
    write_pack(shop.model, shop.vocabulary, request.pack, request.vision, generation)
    limit = SMOKE_PICTURES if request.smoke else None
    flickr = request.data / "flickr8k"
    calibration = {
        language: calibrate(request.pack, request.vision, flickr, language, limit) for language in START
    }
    facts = RunFacts(shop.model, generation, phases, blended, searched, calibration)
    write_card(request, facts, limit)
    declare(shop.model, request.pack, request.vision, generation, calibration)
    rows = request.work / "results.json" if request.smoke else RESULTS / "starter-caption.json"
    keep_rows(rows, result_rows(facts, len(shop.val.looks)))


def search_all(shop: Workshop) -> list[Searched]:
    """Validation figures of every length penalty with the beams that ship, and of other beams."""
    searched = [_search(shop, BEAMS, penalty) for penalty in LENGTH_PENALTIES]
    best = best_penalty(searched)
    return searched + [_search(shop, beams, best) for beams in OTHER_BEAMS]


def _search(shop: Workshop, beams: int, penalty: float) -> Searched:
    score = score_language(shop.model, shop.val, shop.vocabulary, "en", beams, penalty)
    print("beams", beams, "length penalty", penalty, score, flush=True)
    return Searched(beams, penalty, score.as_metrics())


def best_penalty(searched: Sequence[Searched]) -> float:
    """The length penalty with the best English CIDEr-D."""
    shipping = [each for each in searched if each.beams == BEAMS]
    return max(shipping, key=lambda each: each.figures["cider_d"]).penalty


def generation_section(searched: Sequence[Searched]) -> dict[str, Any]:
    """How the product searches."""
    penalty = best_penalty(searched)
    return {"beams": BEAMS, "length_penalty": penalty, "max_new_tokens": 24, "no_repeat_ngram": 3}


def _short(plan: Plan) -> Plan:
    likelihood = replace(plan.likelihood, loop=_short_loop(plan.likelihood.loop))
    runs = tuple(replace(run, plan=replace(run.plan, loop=_short_loop(run.plan.loop))) for run in plan.runs)
    return Plan(likelihood, runs)


def _short_loop(loop: Phase) -> Phase:
    return replace(loop, epochs=1, batch=16)
