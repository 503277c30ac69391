"""The whole recipe of the pack ``starter-embed``: data to pack."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor
from transformers import BertModel

from kit.checkpoint import load_checkpoint, save_checkpoint
from kit.flickr8k import CaptionedPicture, read_captions
from kit.grids import grid_features
from kit.request import TrainRequest
from kit.seeds import seed_everything
from starter_embed.everyday import read_everyday, read_names, texts_of
from starter_embed.lessons import Words, chinese_captions, english_captions, token_ids
from starter_embed.minilm import load_minilm, minilm_folder, sentence_vectors
from starter_embed.reading import ReadingLessons, ReadingPlan, ReadingRun
from starter_embed.space import (
    Grids,
    Space,
    SpaceLessons,
    SpacePlan,
    SpaceRun,
    channel_scale,
    picture_vectors,
)
from starter_embed.start import start_from
from starter_embed.towers import WIDTH, PictureShape, PictureTower, TextShape, TextTower
from starter_embed.vocabulary import choose_pieces
from starter_sentiment_text.wordpieces import build_tokenizer, minilm_pieces

Rows = NDArray[np.int64]

CLASS_NAMES = Path(__file__).parents[1] / "starter_tags" / "names.tsv"


@dataclass(frozen=True)
class Sizes:
    """How much of everything; the smoke run has little of each."""

    pictures: int | None
    words: int | None
    views: int
    space: SpacePlan
    reading: ReadingPlan
    again: ReadingPlan | None


# After the first round Chinese was far from learned even on training pictures, English well.
CHINESE_ROUND = replace(
    ReadingPlan(), epochs=6, english=1, chinese=4, rate=1.5e-3, teacher=2.0, average=0.98, seed=2
)
FULL = Sizes(None, None, views=8, space=SpacePlan(), reading=ReadingPlan(), again=CHINESE_ROUND)
SMOKE = Sizes(
    pictures=64,
    words=200,
    views=2,
    space=replace(SpacePlan(), epochs=2, batch=32),
    reading=replace(ReadingPlan(), epochs=2, batch=32),
    again=replace(CHINESE_ROUND, epochs=1, batch=32),
)


@dataclass(frozen=True)
class Material:
    """Everything that both halves of the training learn from.

    Attributes:
        pictures: The training pictures with their captions.
        views: Their grids.
        taught: float32 [N, 5, 384], MiniLM's vectors of the English captions.
        pieces: The text tower's vocabulary.
        words: English and Chinese words, equally many names in both at the end.
        word_vectors: MiniLM's vectors of the English ones.
    """

    pictures: list[CaptionedPicture]
    views: list[Grids]
    taught: Tensor
    pieces: list[str]
    english_words: list[str]
    chinese_words: list[str]
    word_vectors: Tensor


def train(request: TrainRequest) -> None:
    """Trains both towers, exports, measures and describes the pack.

    Raises:
        FileNotFoundError: ``flickr8k`` is not in the data folder, or ``starter-vision`` is not trained.
    """
    torch.set_num_threads(request.threads)
    seed_everything(request.seed)
    sizes = SMOKE if request.smoke else FULL
    material = gather(request, sizes)
    space = trained_space(request, sizes.space, material, np.arange(len(material.pictures)))
    lessons = reading_lessons(material, space, np.arange(len(material.pictures)))
    tower = trained_tower(request, sizes.reading, material, lessons)
    if sizes.again:
        tower = read_again(request, sizes.again, tower, lessons)
    # Later parts of a long run are imported when their turn comes.
    from starter_embed.packing import finish

    finish(request, space, tower, build_tokenizer(material.pieces), sizes.pictures)


def gather(request: TrainRequest, sizes: Sizes) -> Material:
    """Reads captions and grids, chooses the vocabulary, asks the teacher."""
    pictures = read_captions(request.data / "flickr8k", "train")[: sizes.pictures]
    views = grid_features(request, "train", sizes.views, sizes.pictures)
    folder = minilm_folder()
    known = minilm_pieces(folder / "tokenizer.json")
    pairs = [*texts_of(read_everyday()), *read_names(CLASS_NAMES)]
    pieces = choose_pieces(known, pictures, pairs)
    words = [piece for piece in pieces if piece.isascii() and piece.isalpha() and len(piece) > 2]
    words = words[: sizes.words]
    words += [english for english, _ in pairs]
    captions = [caption for picture in pictures for caption in picture.english]
    vectors = _taught(request, load_minilm(folder), build_tokenizer(known), [*captions, *words])
    return Material(
        pictures=pictures,
        views=views,
        taught=vectors[: len(captions)].view(len(pictures), -1, vectors.shape[1]),
        pieces=pieces,
        english_words=words,
        chinese_words=[chinese for _, chinese in pairs],
        word_vectors=vectors[len(captions) :],
    )


def trained_space(request: TrainRequest, plan: SpacePlan, material: Material, rows: Rows) -> Space:
    """The first half, or what an earlier run left of it."""
    torch.manual_seed(request.seed)
    space = Space(PictureTower(PictureShape(), channel_scale(material.views)))
    lessons = SpaceLessons(material.views, material.taught, rows)
    run = SpaceRun(space, lessons, plan, request.work / "space.pt")
    if request.resume:
        run.resume()
    return run.train(lambda _epoch, _space: None)


def trained_tower(
    request: TrainRequest, plan: ReadingPlan, material: Material, lessons: ReadingLessons
) -> TextTower:
    """The second half, or what an earlier run left of it."""
    torch.manual_seed(request.seed)
    tower = TextTower(TextShape(len(material.pieces)))
    folder = minilm_folder()
    start_from(tower, load_minilm(folder), material.pieces, minilm_pieces(folder / "tokenizer.json"))
    run = ReadingRun(tower, lessons, plan, request.work / "reading.pt")
    if request.resume:
        run.resume()
    return run.train(lambda _epoch, _tower: None)


def read_again(
    request: TrainRequest, plan: ReadingPlan, tower: TextTower, lessons: ReadingLessons
) -> TextTower:
    """Another round from where the first one ended, or what an earlier run left of it."""
    run = ReadingRun(tower, lessons, plan, request.work / "reading-again.pt")
    if request.resume:
        run.resume()
    return run.train(lambda _epoch, _tower: None)


@torch.no_grad()
def reading_lessons(material: Material, space: Space, rows: Rows) -> ReadingLessons:
    """Where the space wants every caption and word."""
    tokenizer = build_tokenizer(material.pieces)
    aims = space.reader(material.taught.flatten(0, 1)).view(*material.taught.shape[:2], WIDTH)
    own = space.reader(material.word_vectors)
    captions = {
        "en": english_captions(tokenizer, [p.english for p in material.pictures], aims),
        "zh": chinese_captions(tokenizer, [p.chinese for p in material.pictures], aims),
    }
    return ReadingLessons(
        pictures=torch.stack([picture_vectors(space.picture, view).clone() for view in material.views]),
        scale=float(space.scale()),
        captions=captions,
        words=Words(
            ids=token_ids(tokenizer, [*material.english_words, *material.chinese_words]),
            aims=torch.cat([own, own[-len(material.chinese_words) :]]),
        ),
        rows=rows,
    )


def _taught(request: TrainRequest, teacher: BertModel, tokenizer: Tokenizer, texts: list[str]) -> Tensor:
    """MiniLM's vectors of texts, computed once."""
    file = request.work / "taught.pt"
    done = load_checkpoint(file) if request.resume else None
    if done is not None and len(done["vectors"]) == len(texts):
        kept: Tensor = done["vectors"].float()
        return kept
    vectors = sentence_vectors(teacher, tokenizer, texts)
    save_checkpoint(file, {"vectors": vectors.half()})
    return vectors
