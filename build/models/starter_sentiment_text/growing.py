"""The student's two stages: distilled from the teacher, then finished with everything together."""

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor

from kit.checkpoint import load_checkpoint, save_checkpoint
from kit.request import TrainRequest
from starter_sentiment_text.distil import Distillation, DistilPlan, Lessons, student_logits
from starter_sentiment_text.lessons import (
    doubted,
    english_lessons,
    labelled,
    plain_lessons,
    starting_embeddings,
    together,
    token_rows,
)
from starter_sentiment_text.phrases import phrases
from starter_sentiment_text.pictured import described, some_pictures
from starter_sentiment_text.spans import SpanMaker, chinese_spans
from starter_sentiment_text.student import Student, StudentShape
from starter_sentiment_text.teaching import judged, opinions, positive_made, positive_unseen, trained_teacher
from starter_sentiment_text.texts import Sizes, Texts, texts_of
from starter_sentiment_text.validation import balance, validation_figures
from starter_sentiment_text.wordpieces import build_tokenizer

TRUST = 0.7  # of the English teacher against people's labels
DOUBT = 0.5  # of the Chinese teacher against people's labels
DOUBT_LONG = 0.2  # of hotel reviews, which are long, and which it reads worse than the student does


def grown_student(request: TrainRequest, sizes: Sizes, texts: Texts) -> Student:
    """The student after distillation, or the one of an earlier run."""
    file = request.work / "student.pt"
    student = Student(StudentShape(len(texts.pieces)))
    done = load_checkpoint(file) if request.resume else None
    if done is not None:
        student.load_state_dict(done["weights"])
        return student.eval()
    lessons = _first_lessons(request, sizes, texts)
    _start_from_teacher(student, request, sizes, texts)
    plan = DistilPlan(sizes.student_epochs)
    _learn(student, lessons, plan, request, texts, "distillation")
    save_checkpoint(file, {"weights": student.state_dict()})
    return student


def finished_student(request: TrainRequest, sizes: Sizes, texts: Texts) -> Student:
    """The best on validation of the students that learned everything in different order, and their mean.

    All begin with the same student, so that their mean is one too (Wortsman et al., 2022).
    """
    students = [_finished(request, sizes, texts, seed) for seed in sizes.finishers]
    states = [student.state_dict() for student in students]
    mean = Student(students[0].shape)
    mean.load_state_dict({name: torch.stack([state[name] for state in states]).mean(0) for name in states[0]})
    return max([*students, mean], key=lambda student: _balance(student, texts)).eval()


def validation_logits(student: Student, texts: Texts) -> Tensor:
    """Logits float32 [N, 3] of all validation sentences."""
    return student_logits(student, token_rows(build_tokenizer(texts.pieces), texts_of(texts.held)))


def _finished(request: TrainRequest, sizes: Sizes, texts: Texts, seed: int) -> Student:
    file = request.work / f"finished-{seed}.pt"
    student = grown_student(replace(request, resume=True), sizes, texts)
    done = load_checkpoint(file) if request.resume else None
    if done is not None:
        student.load_state_dict(done["weights"])
        return student.eval()
    torch.manual_seed(seed)
    plan = DistilPlan(sizes.finish_epochs, rate=7e-4, view_weight=0.0, state_weight=0.0, seed=seed)
    _learn(student, _last_lessons(request, sizes, texts), plan, request, texts, f"finishing-{seed}")
    save_checkpoint(file, {"weights": student.state_dict()})
    return student


def _balance(student: Student, texts: Texts) -> float:
    return balance(validation_figures(validation_logits(student, texts), texts.held))


def _learn(
    student: Student, lessons: Lessons, plan: DistilPlan, request: TrainRequest, texts: Texts, name: str
) -> None:
    def score(candidate: Student) -> float:
        figures = validation_figures(validation_logits(candidate, texts), texts.held)
        print(f"{name} validation {balance(figures):.2f} {figures}", flush=True)
        return balance(figures)

    Distillation(student, lessons, plan, score, request.work / f"{name}.pt", request.resume).run()


def _first_lessons(request: TrainRequest, sizes: Sizes, texts: Texts) -> Lessons:
    """English as people and teachers see it, Chinese as people labelled it."""
    shown = [*texts_of(texts.english.train), *_made(texts, sizes.made, request.seed)]
    opinion = opinions(request, sizes, texts, shown)
    tokenizer = build_tokenizer(texts.pieces)
    english = english_lessons(tokenizer, texts.english.train, shown, opinion, TRUST)
    reviews = texts.chinese.train
    return together(english, plain_lessons(tokenizer, texts_of(reviews), labelled(reviews)))


def _last_lessons(request: TrainRequest, sizes: Sizes, texts: Texts) -> Lessons:
    """Both languages as people and teachers see them, captions, and phrases of our own."""
    people = texts.english.train
    pictures = some_pictures(request.data, sizes.pictures, request.seed)
    captions = [caption for english, _ in pictures for caption in english]
    shown = [*texts_of(people), *_made(texts, sizes.finish_made, request.seed + 1)]
    opinion = judged(request, sizes, texts, [*shown, *captions])
    targets = opinion[: len(shown)].clone()
    targets[: len(people)] = TRUST * targets[: len(people)] + (1 - TRUST) * labelled(people)
    plain = described(pictures, opinion[len(shown) :])
    plain += phrases("en", sizes.phrases, request.seed) + phrases("zh", sizes.phrases, request.seed)
    reviews, reviewed = _chinese(request, sizes, texts)
    return plain_lessons(
        build_tokenizer(texts.pieces),
        [*shown, *texts_of(plain), *reviews],
        torch.cat([targets, labelled(plain), reviewed]),
    )


def _chinese(request: TrainRequest, sizes: Sizes, texts: Texts) -> tuple[list[str], Tensor]:
    """Reviews and clauses of them with targets float32 [N, 3]."""
    reviews = texts.chinese.train
    made = chinese_spans(texts_of(reviews), sizes.chinese_made, request.seed)
    thought = doubted(positive_unseen(request, texts))
    shares = [DOUBT_LONG if review.source == "hotel" else DOUBT for review in reviews]
    doubt = torch.tensor(shares).unsqueeze(1)
    targets = doubt * thought + (1 - doubt) * labelled(reviews)
    return [*texts_of(reviews), *made], torch.cat([targets, doubted(positive_made(request, texts, made))])


def _made(texts: Texts, count: int, seed: int) -> list[str]:
    spoken = [s for s in texts.english.train if s.source != "lexicon"]
    lexicon = [s.text for s in texts.english.train if s.source == "lexicon"]
    words = lexicon + [p for p in texts.pieces if p.isascii() and p.isalpha() and len(p) > 2]
    return list(dict.fromkeys(SpanMaker(texts_of(spoken), words, seed).texts(count)))


def _start_from_teacher(student: Student, request: TrainRequest, sizes: Sizes, texts: Texts) -> None:
    """Puts what the teacher knows of each piece into the student's embeddings."""
    teacher = trained_teacher(replace(request, resume=True), sizes, texts, sizes.teachers[0])
    place = {piece: number for number, piece in enumerate(texts.teacher_pieces)}
    known: Sequence[int | None] = [place.get(piece) for piece in texts.pieces]
    student.embedding.weight.data.copy_(starting_embeddings(teacher, known, student.shape.embedding))
