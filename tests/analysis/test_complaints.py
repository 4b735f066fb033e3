"""What a note complains about, on sentences of our own: those that do, and those that only look like it."""

from __future__ import annotations

import pytest

from sheetkit.analysis.complaints import dictionary
from sheetkit.model.source import read

COMPLAINS = {
    "快递太慢了,等了十天": {"logistics": ("快递太慢",)},
    "物流有点慢": {"logistics": ("物流有点慢",)},
    "发货也太慢了吧": {"dispatch": ("发货也太慢",)},
    "少发了一只袜子": {"dispatch": ("少发",)},
    "衣服不错,就是贵了点": {"price": ("贵了",)},
    "没想到坏了": {"quality": ("坏了",)},
    "不到一周就起球": {"quality": ("起球",)},
    "尺码跟描述不一样": {"size": ("尺码跟描述不",)},
    "裤子太长了,颜色比照片深": {"size": ("太长了",), "colour": ("颜色比照片深",)},
    "有色差": {"colour": ("色差",)},
    "箱子都破了": {"packing": ("箱子都破",)},
    "问了三次,没人回": {"service": ("没人回",)},
    "退款太慢": {"aftersale": ("退款太慢",)},
    "ＳＩＺＥ ｒｕｎｓ ｓｍａｌｌ": {"size": ("runs small",)},
    "Nice coat but too tight": {"size": ("too tight",)},
    "The parcel got lost": {"logistics": ("parcel got lost",)},
    "It doesn't work": {"quality": ("doesn't work",)},
    "Broken on the way": {"logistics": ("broken on the way",)},
}
DOES_NOT = [
    "物流不慢", "快递一点都不慢", "没有色差", "没坏", "不贵", "包装没破", "发货很快", "没有一点划痕",
    "要不掉色的", "别给我有划痕的",
    "会不会起球", "如果太大了能换吗", "问尺码偏不偏大", "以为坏了,原来没插电", "有没有色差", "",
    "no scratches at all", "not too expensive", "It wasn't broken", "asks whether it is too big",
    "if it is too small I will exchange it",
    "never had a loose thread", "translate", "scratching post wanted? no", "The latest model",
]  # fmt: skip


@pytest.mark.parametrize(("said", "expected"), COMPLAINS.items(), ids=COMPLAINS)
def test_a_complaint_and_its_words(said: str, expected: dict[str, tuple[str, ...]]) -> None:
    assert dictionary().found(said) == expected


@pytest.mark.parametrize("said", DOES_NOT)
def test_what_only_looks_like_one(said: str) -> None:
    assert dictionary().found(said) == {}


def test_every_word_is_found_where_it_stands_alone() -> None:
    """~ stands for nothing here, * for no more letters."""
    missed = []
    for key, node in read("needs.toml").children("tags"):
        for word in node.texts("words"):
            said = word.replace("~", " " if word.isascii() else "").replace("*", "")
            if key not in dictionary().found(said):
                missed.append((key, word))
    assert missed == []
