"""What cannot be denied of a picture because something else that is mentioned may mean it."""

from collections.abc import Collection, Mapping

from starter_answer.lexicon import Lexicon

Key = tuple[str, str]

# Two names for what may be one thing: where one is mentioned, the other is not asked about.
ALIKE: Mapping[str, tuple[str, ...]] = {
    "bicycle": ("cyclist", "rider", "motorcycle", "riding"),
    "motorcycle": ("cyclist", "rider", "bicycle", "riding"),
    "scooter": ("skateboard", "bicycle", "motorcycle"),
    "car": ("bus", "street", "driving", "rider"),
    "bus": ("car", "street"),
    "rail": ("fence", "hurdle", "stairs", "ramp"),
    "fence": ("rail", "hurdle", "yard"),
    "hurdle": ("rail", "fence"),
    "skis": ("skier", "skiing", "snowboard", "snowboarder"),
    "snowboard": ("snowboarder", "snowboarding", "skis", "skier"),
    "skateboard": ("skateboarder", "skateboarding", "ramp"),
    "surfboard": ("surfer", "surfing", "wave"),
    "wave": ("surfer", "surfing", "water", "beach"),
    "rock": ("mountain", "climber", "climbing", "water", "path"),
    "tree": ("forest", "park", "yard", "path", "stick"),
    "flower": ("yard", "field", "park"),
    "building": ("street", "store", "yard", "stairs"),
    "drink": ("restaurant", "drinking", "food", "table"),
    "food": ("restaurant", "eating", "drink", "kitchen"),
    "table": ("restaurant", "room", "kitchen", "food", "sitting"),
    "chair": ("restaurant", "room", "sitting", "bench", "couch"),
    "bench": ("chair", "sitting", "park"),
    "couch": ("chair", "room", "bed", "sitting"),
    "bed": ("couch", "room", "lying"),
    "sign": ("street", "store", "flag"),
    "stick": ("tree", "bone", "toy", "bat"),
    "bone": ("stick", "toy"),
    "toy": ("ball", "frisbee", "stick", "bone"),
    "ball": ("toy", "player", "playing soccer", "playing football", "playing basketball", "playing tennis"),
    "rope": ("collar", "climber", "climbing", "swing"),
    "hat": ("helmet", "uniform", "costume", "player"),
    "helmet": ("hat", "uniform", "rider", "cyclist", "player", "climber", "skateboarder"),
    "glasses": ("mask", "skier", "snowboarder", "surfer"),
    "grass": ("field", "park", "yard", "court", "stadium", "path", "mountain"),
    "field": ("grass", "park", "yard", "stadium"),
    "water": ("pool", "beach", "surfer", "swimming", "boat", "fountain", "fishing"),
    "beach": ("water", "desert", "path"),
    "mountain": ("rock", "climber", "hiker", "skier", "snowboarder", "snow"),
    "street": ("path", "building", "car", "store", "track", "skateboarder"),
    "forest": ("tree", "path", "park", "mountain"),
    "pool": ("water", "swimming"),
    "snow": ("skier", "snowboarder", "skis", "snowboard", "sled"),
    "running": ("playing", "walking", "jumping", "runner", "catching", "carrying"),
    "walking": ("running", "standing", "hiking", "carrying"),
    "standing": ("walking", "posing", "looking", "talking", "smiling", "carrying", "playing music"),
    "looking": ("standing", "sitting", "posing", "smiling", "reading"),
    "playing": ("running", "jumping", "catching", "throwing", "fighting", "splashing", "swimming", "sliding"),
    "jumping": ("running", "playing", "catching", "flying", "skateboarding", "snowboarding", "skiing"),
    "swimming": ("splashing", "playing", "standing"),
    "sitting": ("lying", "looking", "riding", "talking", "reading", "smiling", "posing", "eating"),
    "lying": ("sitting",),
    "riding": ("jumping", "driving", "cyclist", "rider", "surfing", "skateboarding"),
    "smiling": ("posing", "looking", "playing", "talking"),
    "posing": ("smiling", "standing", "sitting", "looking"),
    "climbing": ("climber", "hiking"),
    "carrying": ("running", "walking", "playing", "catching", "standing"),
}
_FEMALE = frozenset({"woman", "girl"})
_MALE = frozenset({"man", "boy"})
_YOUNG = frozenset({"child", "boy", "girl", "baby"})


def may_be_there(name: Key, hinted: Collection[Key], lexicon: Lexicon) -> bool:
    """Whether captions leave it open that a thing is in the picture.

    Args:
        name: (group, key).
        hinted: What the captions mention or may mean.
        lexicon: Says which persons there are.
    """
    if name in hinted:
        return True
    keys = {key for _, key in hinted}
    group, key = name
    if group == "person":
        persons = {e.key for e in lexicon.group("person")}
        return bool(keys & (persons - _other_persons(key)))
    return any(other in keys for other in ALIKE.get(key, ()))


def _other_persons(key: str) -> frozenset[str]:
    """Persons whose mention does not mean that one of ``key`` may be there."""
    if key in ("child", "baby"):
        return frozenset({"man", "woman"})
    return {"man": _FEMALE, "boy": _FEMALE, "woman": _MALE, "girl": _MALE}.get(key, frozenset())
