"""The teachers, and what they think; each step is kept in the work folder for ``--resume``."""

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor

from kit.checkpoint import load_checkpoint, save_checkpoint
from kit.request import TrainRequest
from starter_sentiment_text.lessons import Opinion, ask, token_rows
from starter_sentiment_text.ngrams import fit_ngrams, positive, unseen
from starter_sentiment_text.teacher import Teacher, TeacherPlan, fine_tune, load_teacher, predict
from starter_sentiment_text.texts import Sizes, Texts, minilm_folder, texts_of
from starter_sentiment_text.validation import validation_figures
from starter_sentiment_text.wordpieces import build_tokenizer


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


def opinions(request: TrainRequest, sizes: Sizes, texts: Texts, shown: Sequence[str]) -> Opinion:
    """What the teachers think of texts: mean probabilities, the first one's vectors."""
    each = [_opinion(request, sizes, texts, shown, seed) for seed in sizes.teachers]
    return replace(each[0], probabilities=torch.stack([o.probabilities for o in each]).mean(0))


def judged(request: TrainRequest, sizes: Sizes, texts: Texts, shown: Sequence[str]) -> Tensor:
    """The teachers' mean probabilities of texts, float32 [N, 3]."""
    file = request.work / "judged.pt"
    done = load_checkpoint(file) if request.resume else None
    if done is not None and len(done["probabilities"]) == len(shown):
        kept: Tensor = done["probabilities"]
        return kept
    rows = token_rows(build_tokenizer(texts.teacher_pieces), shown)
    teachers = [trained_teacher(replace(request, resume=True), sizes, texts, s) for s in sizes.teachers]
    each = torch.stack([predict(teacher, rows)[0].softmax(-1) for teacher in teachers])
    save_checkpoint(file, {"probabilities": each.mean(0)})
    return each.mean(0)


def positive_unseen(request: TrainRequest, texts: Texts) -> Tensor:
    """P(positive) float64 [N] of the Chinese reviews by models that did not learn from them."""
    file = request.work / "unseen.pt"
    done = load_checkpoint(file) if request.resume else None
    if done is None or len(done["positive"]) != len(texts.chinese.train):
        done = {"positive": torch.tensor(unseen(texts.chinese.train, request.seed))}
        save_checkpoint(file, done)
    found: Tensor = done["positive"]
    return found


def positive_made(request: TrainRequest, texts: Texts, made: Sequence[str]) -> Tensor:
    """P(positive) float64 [N] of clauses of Chinese reviews."""
    file = request.work / "chinese-made.pt"
    done = load_checkpoint(file) if request.resume else None
    if done is None or len(done["positive"]) != len(made):
        done = {"positive": torch.tensor(positive(fit_ngrams(texts.chinese.train), made))}
        save_checkpoint(file, done)
    found: Tensor = done["positive"]
    return found


def _opinion(request: TrainRequest, sizes: Sizes, texts: Texts, shown: Sequence[str], seed: int) -> Opinion:
    file = request.work / f"opinion-{seed}.pt"
    done = load_checkpoint(file) if request.resume else None
    if done is not None and len(done["vectors"]) == len(shown):
        return Opinion(**done)
    teacher = trained_teacher(request, sizes, texts, seed)
    opinion = ask(teacher, token_rows(build_tokenizer(texts.teacher_pieces), shown))
    save_checkpoint(file, dict(vars(opinion)))
    return opinion
