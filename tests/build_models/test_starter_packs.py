import re
from pathlib import Path

from kit.starter_packs import CLASSIC, StarterPack

ROOT = Path(__file__).resolve().parents[2]


def test_every_recipe_has_a_make_target() -> None:
    rules = re.findall(r"^([a-z][a-z -]*):$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    trainings = {name.removeprefix("train-") for name in " ".join(rules).split() if name.startswith("train-")}
    assert trainings == {*StarterPack, CLASSIC}


def test_every_pack_that_ships_has_a_recipe_of_its_name() -> None:
    shipped = {folder.name for folder in (ROOT / "models").iterdir() if folder.is_dir()}
    assert shipped <= set(StarterPack)
    recipes = {pack for pack in StarterPack if (ROOT / "build" / "models" / pack.replace("-", "_")).is_dir()}
    assert recipes == set(StarterPack)
