"""`pack.json`, typed: what a pack is, what it can do and what every file of it must be.

The format is described in ARCHITECTURE.md. A manifest with a field too many, too few or out of
bounds is refused as a whole: a model is declared, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from mmdesk.errors import PackInvalid
from mmdesk.packs.answer_spec import GRAPH as ANSWER_GRAPH
from mmdesk.packs.answer_spec import AnswerSpec, read_answer
from mmdesk.packs.caption_spec import CaptionSpec, read_caption
from mmdesk.packs.embed_spec import EmbedSpec, read_embed
from mmdesk.packs.face_spec import (
    DETECT_GRAPH,
    EXPRESSION_GRAPH,
    FaceDetectSpec,
    FaceExpressionSpec,
    read_face_detect,
    read_face_expression,
)
from mmdesk.packs.fields import Fields, parse_json
from mmdesk.packs.fusion_spec import GRAPHS as FUSION_GRAPHS
from mmdesk.packs.fusion_spec import FusionSpec, read_fusion
from mmdesk.packs.graphs import GraphSpec, KnownAnswer, read_graph, read_known_answer
from mmdesk.packs.roles import Role
from mmdesk.packs.tags_spec import TagsSpec, read_tags
from mmdesk.packs.text_sentiment_spec import TextSentimentSpec, read_text_sentiment
from mmdesk.packs.vision_spec import GRAPH as VISION_GRAPH
from mmdesk.packs.vision_spec import VisionReference, VisionSpec, read_vision
from mmdesk.packs.voice_spec import GRAPH as VOICE_GRAPH
from mmdesk.packs.voice_spec import VoiceSpec, read_voice
from mmdesk.sentences import sentence

FORMAT = 1
PRECISIONS = ("fp32", "fp16", "int8", "fp32+int8")
STORED = (*PRECISIONS, "fp16+int8", "int4")
GRAPHS = {
    Role.VISION: (VISION_GRAPH,),
    Role.CAPTION: ("encoder", "decoder"),
    Role.TAGS: ("tags",),
    Role.EMBED: ("picture", "text"),
    Role.ANSWER: (ANSWER_GRAPH,),
    Role.TEXT_SENTIMENT: ("model",),
    Role.FACE_DETECT: (DETECT_GRAPH,),
    Role.FACE_EXPRESSION: (EXPRESSION_GRAPH,),
    Role.VOICE: (VOICE_GRAPH,),
    Role.FUSION: FUSION_GRAPHS,
}

# Roles that have to do with no language.
SPEECHLESS = (Role.VISION, Role.FACE_DETECT, Role.FACE_EXPRESSION, Role.VOICE, Role.FUSION)

Section = TypeVar("Section")

# ASCII only, so that no file system spells a name differently; no "..", no hidden or absolute
# path, no drive, no backslash can match.
_PART = r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*"
_PATH = re.compile(rf"{_PART}(?:/{_PART})*")
_NAME = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
_VERSION = re.compile(r"\d{1,6}\.\d{1,6}\.\d{1,6}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class PackFile:
    """One file: path with `/` relative to the pack's folder, SHA-256 in hex, size in bytes."""

    path: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Licence:
    """What may be done with the weights."""

    weights: str
    research_only: bool
    notice: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """A whole `pack.json`.

    Attributes:
        name: Lower-case name, unique among packs.
        version: Three numbers with dots.
        title: By language, the name for people.
        roles: What it can do.
        languages: BCP 47 tags that it understands or writes; none for roles without a language.
        precision: Number format that it computes in.
        stored: Number format of the weights on disk.
        licence: What may be done with the weights.
        training_data: Data sets and their licences.
        limits: Known limits, for people.
        files: Every file of the folder except `pack.json`, by path.
        graphs: By name.
        known_answers: At least one.
        vision: Present when `roles` has `vision`.
        caption: Present when `roles` has `caption`.
        tags: Present when `roles` has `tags`.
        embed: Present when `roles` has `embed`.
        answer: Present when `roles` has `answer`.
        text_sentiment: Present when `roles` has `text-sentiment`.
        face_detect: Present when `roles` has `face-detect`.
        face_expression: Present when `roles` has `face-expression`.
        voice: Present when `roles` has `voice`.
        fusion: Present when `roles` has `fusion`.
    """

    name: str
    version: str
    title: Mapping[str, str]
    roles: tuple[Role, ...]
    languages: tuple[str, ...]
    precision: str
    stored: str
    licence: Licence
    training_data: tuple[str, ...]
    limits: tuple[str, ...]
    files: Mapping[str, PackFile]
    graphs: Mapping[str, GraphSpec]
    known_answers: tuple[KnownAnswer, ...]
    vision: VisionSpec | None
    caption: CaptionSpec | None
    tags: TagsSpec | None
    embed: EmbedSpec | None
    answer: AnswerSpec | None
    text_sentiment: TextSentimentSpec | None
    face_detect: FaceDetectSpec | None
    face_expression: FaceExpressionSpec | None
    voice: VoiceSpec | None
    fusion: FusionSpec | None

    @property
    def rests_on(self) -> tuple[VisionReference, ...]:
        """The picture encoders of other packs that this one needs."""
        sections = (self.caption, self.tags, self.embed, self.answer)
        eyes = [section.eyes for section in sections if section]
        return tuple(each for each in eyes if isinstance(each, VisionReference))


def parse_manifest(text: bytes, pack: str = "pack.json") -> Manifest:
    """Reads a manifest.

    Args:
        text: The bytes of `pack.json`.
        pack: What to call the pack in messages until its name has been read.

    Returns:
        The manifest; everything in it is within bounds and fits together.

    Raises:
        PackInvalid: A field is missing, unknown, of the wrong type or out of bounds, or the format
            is one that this program does not know.
    """
    fields = parse_json(text, pack)
    _check_format(fields)
    fields.pack = _matching(fields, "name", _NAME)
    manifest = _read(fields)
    fields.done()
    _check_whole(fields, manifest)
    return manifest


def _check_format(fields: Fields) -> None:
    if fields.integer("format", 1) != FORMAT:
        raise PackInvalid(
            fields.pack,
            sentence(
                "The model pack {pack} is of a format that this mmdesk does not know.", pack=fields.pack
            ),
            sentence("Get a newer mmdesk, or a pack that was made for this one."),
        )


def _read(fields: Fields) -> Manifest:
    graphs = {name: read_graph(name, inside) for name, inside in fields.named("graphs")}
    if not graphs:
        raise fields.out_of_bounds("graphs", ">= 1")
    answers = fields.children("known_answers", at_least=1)
    roles = _roles(fields)
    precision = fields.choice("precision", PRECISIONS)
    return Manifest(
        name=fields.text("name"),
        version=_matching(fields, "version", _VERSION),
        title=_title(fields),
        roles=roles,
        languages=_languages(fields, roles),
        precision=precision,
        stored=fields.choice("stored", STORED, precision),
        licence=_licence(fields),
        training_data=fields.texts("training_data"),
        limits=fields.texts("limits"),
        files=_files(fields),
        graphs=graphs,
        known_answers=tuple(read_known_answer(one, graphs) for one in answers),
        vision=_section(fields, roles, Role.VISION, read_vision),
        caption=_section(fields, roles, Role.CAPTION, read_caption),
        tags=_section(fields, roles, Role.TAGS, read_tags),
        embed=_section(fields, roles, Role.EMBED, read_embed),
        answer=_section(fields, roles, Role.ANSWER, read_answer),
        text_sentiment=_section(fields, roles, Role.TEXT_SENTIMENT, read_text_sentiment),
        face_detect=_section(fields, roles, Role.FACE_DETECT, read_face_detect),
        face_expression=_section(fields, roles, Role.FACE_EXPRESSION, read_face_expression),
        voice=_section(fields, roles, Role.VOICE, read_voice),
        fusion=_section(fields, roles, Role.FUSION, read_fusion),
    )


def _matching(fields: Fields, key: str, pattern: re.Pattern[str]) -> str:
    value = fields.text(key)
    if not pattern.fullmatch(value):
        raise fields.out_of_bounds(key, pattern.pattern.replace("{", "(").replace("}", ")"))
    return value


def _roles(fields: Fields) -> tuple[Role, ...]:
    roles = fields.texts("roles", at_least=1)
    for role in roles:
        if role not in tuple(Role) or roles.count(role) > 1:
            raise fields.out_of_bounds("roles", " | ".join(Role))
    return tuple(Role(role) for role in roles)


def _title(fields: Fields) -> dict[str, str]:
    with fields.child("title") as inside:
        title = {name: inside.text(name) for name in inside.names()}
    if "en" not in title:
        raise fields.out_of_bounds("title", "en")
    return title


def _languages(fields: Fields, roles: tuple[Role, ...]) -> tuple[str, ...]:
    speechless = all(role in SPEECHLESS for role in roles)
    languages = fields.texts("languages", at_least=0 if speechless else 1)
    for language in languages:
        if not _LANGUAGE.fullmatch(language) or languages.count(language) > 1:
            raise fields.out_of_bounds("languages", "en | zh | ...")
    return languages


def _licence(fields: Fields) -> Licence:
    with fields.child("licence") as inside:
        return Licence(inside.text("weights"), inside.flag("research_only"), inside.text("notice"))


def _files(fields: Fields) -> dict[str, PackFile]:
    files: dict[str, PackFile] = {}
    for one in fields.children("files", at_least=1):
        path, digest = _matching(one, "path", _PATH), _matching(one, "sha256", _SHA256)
        files[path] = PackFile(path, digest, one.integer("bytes", 0))
    spelt = {path.casefold() for path in files} | {"pack.json"}
    if len(spelt) != len(fields.array("files")) + 1:
        raise fields.out_of_bounds("files", "a path stands twice")
    return files


def _section(
    fields: Fields, roles: tuple[Role, ...], role: Role, read: Callable[[Fields], Section]
) -> Section | None:
    """A role's section; None for a role that the pack does not have."""
    if role not in roles:
        return None
    with fields.child(role.section) as inside:
        return read(inside)


def _check_whole(fields: Fields, manifest: Manifest) -> None:
    """What no single field can tell: that the parts fit together."""
    for role in manifest.roles:
        for graph in GRAPHS[role]:
            if graph not in manifest.graphs:
                raise fields.out_of_bounds("graphs", graph)
    named = [graph.file for graph in manifest.graphs.values()]
    readers = (manifest.caption, manifest.embed, manifest.answer, manifest.text_sentiment)
    named += [spec.tokenizer for spec in readers if spec]
    for file in named:
        if file not in manifest.files:
            raise fields.out_of_bounds("files", file)
    if manifest.caption:
        for language in manifest.languages:
            if language not in manifest.caption.decoder.start_ids:
                raise fields.out_of_bounds("caption.decoder.start_ids", language)
