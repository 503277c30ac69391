"""Trains one member of the ensemble."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from kit.averaging import AveragedWeights
from kit.checkpoint import load_checkpoint, save_checkpoint
from starter_voice.batches import Batch, Batches
from starter_voice.features import normalised
from starter_voice.framing import FRAMES
from starter_voice.model import STEPS, STRIDE, Heard, Member
from starter_voice.pool import Version
from starter_voice.sources import Clip


@dataclass(frozen=True)
class Plan:
    """How a member is trained."""

    epochs: int = 260
    batch: int = 24
    rate: float = 2e-3
    decay: float = 0.02
    smoothing: float = 0.1
    averaging: float = 0.998


Report = Callable[[int, float, Member], None]


def train_member(
    batches: Batches, plan: Plan, seed: int, checkpoint: Path, resume: bool, report: Report
) -> Member:
    """Trains from the start or from a checkpoint; gives the averaged weights."""
    torch.manual_seed(seed)
    member = Member()
    for weight in member.convolutions.parameters():
        if weight.dim() == 4:
            weight.data = weight.data.contiguous(memory_format=torch.channels_last)
    average = AveragedWeights(member, plan.averaging)
    optimizer = torch.optim.AdamW(member.parameters(), plan.rate, weight_decay=plan.decay)
    first = _restored(checkpoint, member, average, optimizer) if resume else 0
    for epoch in range(first, plan.epochs):
        member.train()
        losses = []
        for batch in batches.epoch(plan.batch):
            _set_rate(optimizer, plan.rate * _schedule(epoch / plan.epochs))
            losses.append(_step(member, batch, optimizer, plan))
            average.update(member)
        if epoch % 10 == 9 or epoch == plan.epochs - 1:
            _save(checkpoint, member, average, optimizer, epoch + 1)
            report(epoch + 1, sum(losses) / len(losses), averaged(average))
    return averaged(average)


def averaged(average: AveragedWeights) -> Member:
    """A member with the averaged weights, ready to judge."""
    member = Member()
    member.load_state_dict(average.average)
    return member.eval()


def loss_of(heard: Heard, batch: Batch, smoothing: float) -> Tensor:
    """Cross-entropies of speech and emotion, squared error of valence and arousal."""
    speech = F.binary_cross_entropy_with_logits(heard.steps, batch.speech)
    target = batch.emotion * (1 - smoothing) + smoothing / batch.emotion.shape[1]
    emotion = -(target * torch.log_softmax(heard.emotion, 1)).sum(1)
    place = ((heard.place - batch.place) ** 2).sum(1)
    count = batch.heard.sum().clamp(min=1)
    judged: Tensor = ((emotion + place) * batch.heard).sum() / count
    return judged + speech


@torch.no_grad()
def judge(member: Member, windows: Tensor, size: int = 64) -> Heard:
    """What a member says about mel power [n, FRAMES, BANDS]."""
    parts = [member.judged(normalised(windows[i : i + size])) for i in range(0, len(windows), size)]
    return Heard(*(torch.cat(column) for column in zip(*parts, strict=True)))


def windows_of(version: Version, hop: int) -> tuple[Tensor, Tensor]:
    """Windows that cover an utterance: power [n, FRAMES, BANDS] and speech by step [n, STEPS]."""
    power, speech = version.power.float().exp(), version.speech.float()
    if len(power) < FRAMES:
        short = FRAMES - len(power)
        power = torch.cat([power, power[-1:].expand(short, -1)])
        speech = F.pad(speech, (0, short))
    starts = list(range(0, len(power) - FRAMES + 1, hop))
    steps = [speech[s : s + FRAMES].reshape(STEPS, STRIDE).mean(1) for s in starts]
    return torch.stack([power[s : s + FRAMES] for s in starts]), torch.stack(steps)


def utterance_accuracy(member: Member, clips: Sequence[Clip], held: Sequence[Version]) -> float:
    """Share of utterances whose emotion is right when their windows' logarithms are averaged."""
    right = 0
    for version in held:
        logits = judge(member, windows_of(version, 24)[0]).emotion
        right += int(torch.log_softmax(logits, 1).mean(0).argmax()) == clips[version.clip].emotion
    return right / max(1, len(held))


def _step(member: Member, batch: Batch, optimizer: torch.optim.Optimizer, plan: Plan) -> float:
    optimizer.zero_grad()
    # bfloat16 nearly halves the time on processors that have it; the weights stay float32.
    with torch.autocast("cpu", torch.bfloat16):
        heard = member.judged(batch.features)
    loss = loss_of(Heard(*(one.float() for one in heard)), batch, plan.smoothing)
    torch.autograd.backward(loss)
    torch.nn.utils.clip_grad_norm_(member.parameters(), 2.0)
    optimizer.step()
    return float(loss.detach())


def _schedule(progress: float) -> float:
    """A short rise, then half a cosine down to a hundredth."""
    rise = min(1.0, (progress + 0.01) / 0.06)
    return rise * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * progress)))


def _set_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    for group in optimizer.param_groups:
        group["lr"] = rate


def _save(
    path: Path, member: Member, average: AveragedWeights, optimizer: torch.optim.Optimizer, epochs: int
) -> None:
    state = {"member": member.state_dict(), "average": average.average, "updates": average.updates}
    save_checkpoint(path, state | {"optimizer": optimizer.state_dict(), "epochs": epochs})


def _restored(path: Path, member: Member, average: AveragedWeights, optimizer: torch.optim.Optimizer) -> int:
    state = load_checkpoint(path)
    if state is None:
        return 0
    member.load_state_dict(state["member"])
    average.load(state["average"], state["updates"])
    optimizer.load_state_dict(state["optimizer"])
    epochs: int = state["epochs"]
    return epochs
