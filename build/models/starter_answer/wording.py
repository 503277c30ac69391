"""How questions are put, in English and Chinese; several ways for each, as people do.

Fields: ``{n}`` the thing, ``{ns}`` several of it, ``{a}`` with its article, ``{x}`` what is said of it.
"""

from collections.abc import Mapping

from starter_answer.asked import Question
from starter_answer.lexicon import Entry, Lexicon

LANGUAGES = ("en", "zh")
# Nouns that take no article.
UNCOUNTED = frozenset({"grass", "snow", "water", "food", "forest", "air"})

_WHERE = ("where {be} the {n}?", "where can you see the {n}?", "where {be} the {n} in the picture?")

ENGLISH: Mapping[str, tuple[str, ...]] = {
    "colour": (
        "what color {be} the {n}?",
        "what colour {be} the {n}?",
        "what is the color of the {n}?",
        "what is the colour of the {n}?",
        "which color {be} the {n}?",
        "what color {be} the {n} in the picture?",
    ),
    "count": (
        "how many {ns} are there?",
        "how many {ns} are in the picture?",
        "how many {ns} can you see?",
        "how many {ns}?",
        "how many {ns} are there in this photo?",
    ),
    "place": _WHERE,
    "scene": (
        "where was this picture taken?",
        "where is this?",
        "where was the photo taken?",
        "where are they?",
        "what place is this?",
    ),
    "activity": ("what {be} the {n} doing?", "what {be} the {n} doing in the picture?"),
    "animal": (
        "what animal is in the picture?",
        "what animal is this?",
        "what kind of animal is this?",
        "which animal can you see?",
    ),
    "who": ("who is in the picture?", "who is this?", "who can you see?"),
    "main": (
        "what is in the picture?",
        "what is this?",
        "what can you see?",
        "what does the picture show?",
        "what is shown in the photo?",
    ),
    "relation": ("what {be} the {n} {x}?", "what {be} the {n} {x} in the picture?"),
    "exists": (
        "is there {a}?",
        "is there {a} in the picture?",
        "can you see {a}?",
        "does the picture show {a}?",
        "do you see {a} in the photo?",
    ),
    "does": ("{be} the {n} {x}?", "{be} the {n} {x} in the picture?"),
    "has colour": ("{be} the {n} {x}?", "{be} the {n} {x} in color?"),
    "wears": ("is anyone wearing {a}?", "is someone wearing {a}?", "does anyone wear {a}?"),
}
CHINESE: Mapping[str, tuple[str, ...]] = {
    "colour": ("{n}是什么颜色的？", "{n}是什么颜色？", "{n}的颜色是什么？", "图中{n}是什么颜色的？"),
    "count": ("有几个{n}？", "图中有几个{n}？", "有多少{n}？", "图片里有多少个{n}？", "一共有几个{n}？"),
    "place": ("{n}在哪里？", "{n}在哪儿？", "{n}在什么地方？", "图中的{n}在哪里？"),
    "scene": (
        "这是在哪里？",
        "这张照片是在哪里拍的？",
        "这是什么地方？",
        "他们在哪里？",
        "图片是在哪儿拍的？",
    ),
    "activity": ("{n}在做什么？", "{n}在干什么？", "{n}正在做什么？", "图中的{n}在干嘛？"),
    "animal": ("图中是什么动物？", "这是什么动物？", "图片里有什么动物？", "有什么动物？"),
    "who": ("图中有谁？", "这是谁？", "图片里的人是谁？", "照片里有什么人？"),
    "main": ("图中有什么？", "这是什么？", "图片里有什么？", "你看到了什么？", "照片里是什么？"),
    "relation": ("{n}{x}什么？", "{n}正在{x}什么？", "图中的{n}{x}什么？"),
    "exists": ("有{n}吗？", "图中有{n}吗？", "图片里有没有{n}？", "能看到{n}吗？", "照片里有{n}吗？"),
    "does": ("{n}在{x}吗？", "{n}是不是在{x}？", "图中的{n}在{x}吗？"),
    "has colour": ("{n}是{x}的吗？", "{n}是不是{x}的？", "图中的{n}是{x}吗？"),
    "wears": ("有人戴着{n}吗？", "有人穿戴{n}吗？", "有没有人戴{n}？"),
}
RELATIONS_IN_CHINESE: Mapping[str, str] = {
    "wearing": "穿戴着",
    "riding": "骑着",
    "holding": "拿着",
    "playing with": "玩着",
    "sitting on": "坐在",
    "jumping over": "跳过",
}


# Names that no vocabulary has.
UNNAMED = Entry("object", "", ("zzzz",), ("zzzz",), "䲜", ())


def words_of(question: Question, lexicon: Lexicon, unnamed: bool = False) -> dict[str, tuple[str, ...]]:
    """Puts a question into words.

    Args:
        question: What is asked.
        lexicon: Has the names.
        unnamed: Put a name that nobody knows in place of what is asked about.

    Returns:
        By language, all ways of putting it.
    """
    entry = lexicon.entries[question.about] if question.about else None
    entry = UNNAMED if unnamed else entry
    said = _said(question, lexicon)
    return {
        "en": tuple(_english(way, entry, said[0], question.several) for way in ENGLISH[question.form]),
        "zh": tuple(
            way.format(n=entry.chinese if entry else "", x=said[1]) for way in CHINESE[question.form]
        ),
    }


def _said(question: Question, lexicon: Lexicon) -> tuple[str, str]:
    if question.form == "relation":
        return question.said, RELATIONS_IN_CHINESE[question.said]
    group = {"does": "activity", "has colour": "colour"}.get(question.form)
    return (question.said, lexicon.entries[group, question.said].chinese) if group else ("", "")


def _english(way: str, entry: Entry | None, said: str, several: bool) -> str:
    return way.format(
        n=_name(entry, several),
        ns=entry.several if entry else "",
        a=_with_article(entry),
        be="are" if several or _is_pair(entry) else "is",
        x=said,
    )


def _name(entry: Entry | None, several: bool) -> str:
    if entry is None:
        return ""
    return entry.several if several else entry.singular[0]


def _is_pair(entry: Entry | None) -> bool:
    """Whether a word is a plural without a singular, such as shorts."""
    if entry is None or entry.plural or entry.key in UNCOUNTED:
        return False
    return entry.singular[0].endswith("s")


def _with_article(entry: Entry | None) -> str:
    if entry is None:
        return ""
    name = entry.singular[0]
    if entry.key in UNCOUNTED or _is_pair(entry):
        return name
    return f"{'an' if name[0] in 'aeiou' and not name.startswith('uni') else 'a'} {name}"
