"""All sets in one folder."""

from pathlib import Path

from tiny.faces import write_faces
from tiny.photos import write_photos
from tiny.sentences import write_sentences
from tiny.shapes import write_shapes
from tiny.teachers import write_teachers
from tiny.tiles import write_tiles
from tiny.voices import write_voices


def write_sets(folder: Path) -> None:
    """Writes every set that a recipe reads, each in its sub-folder; takes seconds."""
    writers = {
        "flickr8k": write_photos,
        "tiny_imagenet_subset": write_tiles,
        "easy_vqa": write_shapes,
        "fer2013": write_faces,
        "ravdess_speech": write_voices,
        "text_sentiment": write_sentences,
        "pretrained_small": write_teachers,
    }
    for name, write in writers.items():
        (folder / name).mkdir(parents=True)
        write(folder / name)
