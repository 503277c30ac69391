"""By which words the program tells what kind of question it was asked."""

from collections.abc import Mapping

Phrases = Mapping[str, tuple[str, ...]]

# In the order in which they are tried. Beginnings, parts and forbidden parts by language.
KIND_PHRASES: Mapping[str, Mapping[str, Phrases]] = {
    "yes_no": {
        "starts": {"en": ("is ", "are ", "does ", "do ", "can ", "has ", "have ", "isn't ", "aren't ")},
        "contains": {"zh": ("吗", "是不是", "有没有", "是否", "能不能", "会不会", "在不在")},
    },
    "colour": {
        "contains": {
            "en": ("what color", "what colour", "which color", "which colour", "color of", "colour of"),
            "zh": ("颜色", "什么色", "啥色"),
        },
    },
    "count": {
        "contains": {"en": ("how many", "number of"), "zh": ("几", "多少", "数量")},
        "without": {"en": ("how many times",), "zh": ("几点", "几岁", "几月", "几号", "多少钱", "多少岁")},
    },
    "activity": {
        "contains": {
            "en": ("doing", "happening", "going on"),
            "zh": ("做什么", "干什么", "在干嘛", "做啥", "干啥", "在做", "在干", "发生"),
        },
        "without": {"en": ("why", "when"), "zh": ("为什么", "什么时候")},
    },
    "where": {
        "contains": {
            "en": ("where", "what place", "which place"),
            "zh": ("哪里", "哪儿", "什么地方", "何处", "在哪", "哪个地方"),
        },
        "without": {"en": ("why", "when ")},
    },
    "what": {
        "starts": {"en": ("what", "who ", "who's ", "which ", "tell me what ", "tell me who ")},
        "contains": {"zh": ("什么", "谁", "啥", "哪")},
        "without": {
            "en": ("what time", "what year", "what date", "what month", "name", "how "),
            "zh": ("为什么", "什么时候", "什么时间", "名字", "怎么"),
        },
    },
}
