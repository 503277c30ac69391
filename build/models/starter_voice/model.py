"""The network: convolutions over time and pitch, a recurrent layer, attention over time."""

from collections.abc import Sequence
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from starter_voice.features import BANDS, MelPower, normalised
from starter_voice.framing import FRAMES
from starter_voice.sources import EMOTIONS

# Frames of the spectrogram in one step of the recurrent layer (50 ms).
STRIDE = 4
STEPS = FRAMES // STRIDE


class Heard(NamedTuple):
    """What the network makes of windows.

    Attributes:
        steps: Logit of speech in each step of 50 ms, [batch, STEPS].
        emotion: Logits, [batch, 8].
        place: Valence and arousal in [-1, 1], [batch, 2].
    """

    steps: Tensor
    emotion: Tensor
    place: Tensor


class Member(nn.Module):
    """One network of the ensemble: mel power in, `Heard` out."""

    def __init__(self, channels: tuple[int, int, int, int] = (24, 40, 64, 80), hidden: int = 48) -> None:
        super().__init__()
        one, two, three, four = channels
        self.convolutions = nn.Sequential(
            *_convolution(1, one, 5, (2, 2)),
            *_convolution(one, two, 3, (2, 2)),
            nn.Dropout2d(0.1),
            *_convolution(two, three, 3, (1, 2)),
            nn.Dropout2d(0.1),
            *_convolution(three, four, 3, (1, 2)),
            nn.Dropout2d(0.1),
        )
        self.collapse = nn.Conv2d(four, four, (1, BANDS // 16))
        self.recurrent = nn.LSTM(four, hidden, batch_first=True, bidirectional=True)
        self.dropout = nn.Dropout(0.3)
        self.speech = nn.Linear(2 * hidden, 1)
        self.attention = nn.Linear(2 * hidden, 1)
        self.emotion = nn.Linear(4 * hidden, len(EMOTIONS))
        self.place = nn.Linear(4 * hidden, 2)

    def forward(self, power: Tensor) -> Heard:
        """Mel power, float32 [batch, FRAMES, BANDS]."""
        return self.judged(normalised(power))

    def judged(self, features: Tensor) -> Heard:
        """Normalised features, float32 [batch, FRAMES, BANDS]."""
        seen = F.relu(self.collapse(self.convolutions(features[:, None])))[:, :, :, 0].transpose(1, 2)
        states, _ = self.recurrent(self.dropout(seen))
        steps = self.speech(states)[:, :, 0]
        # Attention starts from where there is speech.
        weights = torch.softmax(self.attention(states)[:, :, 0] + F.logsigmoid(steps), dim=1)[:, :, None]
        mean = (weights * states).sum(1)
        spread = ((weights * (states - mean[:, None]) ** 2).sum(1) + 1e-6).sqrt()
        pooled = self.dropout(torch.cat([mean, spread], dim=1))
        return Heard(steps, self.emotion(pooled), torch.tanh(self.place(pooled)))


class Ensemble(nn.Module):
    """Members that learned from different speakers, averaged; a waveform in.

    Args:
        members: They judge independently.
        slope: Of the logit of speech over the logit of the share of the window that is speech.
        offset: Of the same.
    """

    def __init__(self, members: Sequence[Member], slope: float = 1.0, offset: float = 0.0) -> None:
        super().__init__()
        self.slope, self.offset = slope, offset
        self.power = MelPower()
        self.each = tuple(members)
        self.members = nn.ModuleList(members)

    def forward(self, waveform: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Waveform, float32 [batch, WINDOW].

        Returns:
            Logit of speech [batch], emotion logits [batch, 8], valence [batch], arousal [batch].
        """
        # An offset would ring at both ends of the window.
        features = normalised(self.power(waveform - waveform.mean(1, keepdim=True)))
        heard = [member.judged(features) for member in self.each]
        share = torch.stack([torch.sigmoid(one.steps).mean(1) for one in heard]).mean(0)
        emotion = torch.stack([torch.log_softmax(one.emotion, 1) for one in heard]).mean(0)
        place = torch.stack([one.place for one in heard]).mean(0)
        speech = self.slope * torch.logit(share, eps=1e-6) + self.offset
        return speech, emotion, place[:, 0], place[:, 1]


def _convolution(inside: int, outside: int, size: int, stride: tuple[int, int]) -> list[nn.Module]:
    return [
        nn.Conv2d(inside, outside, size, stride, padding=size // 2, bias=False),
        nn.BatchNorm2d(outside),
        nn.ReLU(),
    ]
