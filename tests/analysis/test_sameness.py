"""Which names come up as one person, how surely, and which must not: worked out by hand, case by case."""

from __future__ import annotations

import datetime as dt

import pytest

from sheetkit.analysis.identity import identify
from sheetkit.analysis.likeness import likenesses
from sheetkit.analysis.reachable import addresses, phones
from sheetkit.analysis.sameness import Pair, Sameness, sameness
from sheetkit.intake import read_book
from sheetkit.messages import text
from tests.tools import make_book

HOME = "浙江省杭州市西湖区文三路100号3幢201室"
ELSEWHERE = "上海市徐汇区漕溪北路18号1201室"
HEAD = ("昵称", "姓名", "手机号", "微信号", "邮箱", "地址", "生日", "性别", "曾用名", "淘宝昵称", "微信昵称")


def known(*people: dict[str, str], trades: str = "") -> Sameness:
    """What comes up among these rows of 基本信息."""
    rows = "\n".join("| " + " | ".join(one.get(key, "") for key in HEAD) + " |" for one in people)
    sold = f"## 交易记录\n| 日期 | 昵称 | 商品 | 成交价 |\n{trades}\n" if trades else ""
    drawn = f"## 基本信息\n| {' | '.join(HEAD)} |\n{rows}\n{sold}"
    book = read_book(make_book(drawn), "店.xlsx", as_of=46_000)
    return sameness(book, identify(book))


def only_pair(found: Sameness) -> Pair:
    (pair,) = found.pairs
    return pair


def person(name: str, **more: str) -> dict[str, str]:
    words = {
        "real": "姓名",
        "phone": "手机号",
        "wechat": "微信号",
        "mail": "邮箱",
        "address": "地址",
        "born": "生日",
        "gender": "性别",
        "also": "曾用名",
        "taobao": "淘宝昵称",
        "wx_name": "微信昵称",
    }
    return {"昵称": name, **{words[key]: value for key, value in more.items()}}


ALIKE = {
    "one phone, typed in two ways": (
        person("阿花", phone="'13912345678"),
        person("花园主人", phone="'+86 139-1234-5678"),
        "certain",
        ["phone"],
    ),
    "0086 before it, and a second number": (
        person("阿花", phone="'0086 13912345678"),
        person("花园主人", phone="'13912345678 / 0571-88886666"),
        "certain",
        ["phone"],
    ),
    "her WeChat id is her phone": (
        person("阿花", wechat="'13912345678"),
        person("花园主人", phone="'13912345678"),
        "certain",
        ["phone"],
    ),
    "one WeChat id in two cases": (
        person("阿花", wechat="Hua_Hua88"),
        person("花园主人", wechat="hua_hua88"),
        "certain",
        ["wechat"],
    ),
    "one e-mail": (
        person("阿花", mail="Hua@Example.com"),
        person("花园主人", mail="hua@example.com"),
        "certain",
        ["email"],
    ),
    "one Taobao name": (
        person("阿花", taobao="tb7788花"),
        person("花园主人", taobao="tb7788花"),
        "certain",
        ["same_taobao_name"],
    ),
    "one short name with a note": (person("小李"), person("小李（老客户）"), "possible", ["name"]),
    "traditional characters": (person("陳曉明"), person("陈晓明"), "likely", ["name"]),
    "an emoji behind it": (person("爱喝茶的猫"), person("爱喝茶的猫🌸"), "likely", ["name"]),
    "a sign between": (person("sunny_leaf"), person("Sunny Leaf"), "likely", ["name"]),
    "a character more": (person("爱喝茶的小李"), person("爱喝茶小李"), "possible", ["nearly"]),
    "a name from another channel": (
        person("阿花", wx_name="花花世界"),
        person("花花世界"),
        "likely",
        ["called_wechat_name"],
    ),
    "a name under 曾用名 that has a row of its own": (
        person("阿花", also="小花朵"),
        person("小花朵"),
        "likely",
        ["called_aliases"],
    ),
    "an address written shorter": (
        person("阿花", address=HOME),
        person("花园主人", address="浙江杭州西湖区文三路 100 号 3-201"),
        "possible",
        ["address"],
    ),
    "short name and address": (
        person("小李", address=HOME),
        person("小李（回头客）", address=HOME),
        "likely",
        ["address", "name"],
    ),
    "long name and e-mail": (
        person("陳曉明", mail="c@example.com"),
        person("陈晓明", mail="c@example.com"),
        "certain",
        ["email", "name"],
    ),
}


@pytest.mark.parametrize("case", ALIKE)
def test_two_names_come_up_with_their_reasons(case: str) -> None:
    one, other, strength, reasons = ALIKE[case]
    pair = only_pair(known(one, other))
    assert (pair.strength, sorted(sign.key for sign in pair.reasons)) == (strength, sorted(reasons))
    assert not pair.against
    for sign in pair.reasons:
        assert text(f"same.sign.{sign.key}", "zh", value=sign.value)


APART = {
    "nothing in common": (person("阿花", phone="'13912345678"), person("小花园", phone="'13912345679")),
    "numbers in names": (person("tb1234567"), person("tb1234568")),
    "a number more": (person("小李"), person("小李1")),
    "notes that tell two apart": (person("小李（苏州）"), person("小李（杭州）")),
    "another character": (person("爱喝茶的小李"), person("爱喝茶的小王")),
    "one name, two phones": (person("小李", phone="'13912345678"), person("小李🌸", phone="'13812345678")),
    "generic names": (person("匿名买家"), person("匿名买家🌸")),
    "generic names of WeChat": (person("微信用户"), person("微信用户（老客户）")),
    "masked names": (person("t**"), person("t*")),
    "a town": (person("阿花", address="杭州"), person("花园主人", address="杭州")),
    "a pick-up point": (
        person("阿花", address="杭州市文三路100号菜鸟驿站"),
        person("花园主人", address="杭州市文三路100号菜鸟驿站"),
    ),
    "a virtual number": (
        person("阿花", phone="'18400001234转5678"),
        person("花园主人", phone="'18400001234-5678"),
    ),
    "a number that everybody types": (
        person("阿花", phone="'13800138000"),
        person("花园主人", phone="'13800138000"),
    ),
    "a masked phone": (person("阿花", phone="'138****5678"), person("花园主人", phone="'138****5678")),
    "a word for nothing": (person("阿花", wechat="同手机号"), person("花园主人", wechat="同手机号")),
    "one address, two real names": (
        person("阿花", real="李明", address=HOME),
        person("花园主人", real="王芳", address=HOME),
    ),
}


@pytest.mark.parametrize("case", APART)
def test_two_names_do_not_come_up(case: str) -> None:
    assert known(*APART[case]).pairs == ()


AGAINST = {
    "different birthdays": ({"born": "1990-05-01"}, {"born": "1991-06-02"}, ["other_birthday"], "likely"),
    "different gender": ({"gender": "女"}, {"gender": "男"}, ["other_gender"], "likely"),
    "different real names": ({"real": "李明"}, {"real": "王芳"}, ["other_real_name"], "likely"),
    "birthdays and gender": (
        {"born": "1990-05-01", "gender": "女"},
        {"born": "1991-06-02", "gender": "男"},
        ["other_birthday", "other_gender"],
        "possible",
    ),
    "one birthday, typed with another year": ({"born": "1990-05-01"}, {"born": "2000-05-01"}, [], "certain"),
}


@pytest.mark.parametrize("case", AGAINST)
def test_what_speaks_against_it_weighs_on_one_phone(case: str) -> None:
    one, other, against, strength = AGAINST[case]
    phone = {"phone": "'13912345678"}
    pair = only_pair(known(person("阿花", **phone, **one), person("花园主人", **phone, **other)))
    assert ([sign.key for sign in pair.against], pair.strength) == (against, strength)


def test_both_bought_on_one_day_at_different_addresses() -> None:
    one = person("阿花", mail="a@example.com", address=HOME)
    people = (one, person("花园主人", mail="a@example.com", address=ELSEWHERE))
    apart = "| 2025-01-05 | 阿花 | 茶 | 10 |\n| 2025-01-06 | 花园主人 | 茶 | 10 |"
    assert only_pair(known(*people, trades=apart)).against == ()
    same = f"{apart}\n| 2025-01-05 | 花园主人 | 茶 | 10 |"
    pair = only_pair(known(*people, trades=same))
    assert ([sign.key for sign in pair.against], pair.strength) == (["same_day"], "likely")


def test_what_many_have_in_common_is_no_evidence() -> None:
    names = ("阿花", "花园主人", "月亮", "海边风铃", "米粒")
    four = known(*(person(name, phone="'13912345678") for name in names[:4]))
    assert len(four.pairs) == 6  # 4 · 3 / 2
    assert known(*(person(name, phone="'13912345678") for name in names)).pairs == ()


def test_one_name_with_two_phones_is_pointed_out_as_perhaps_two_people() -> None:
    found = known(person("王姐", phone="'13912345678"), person("王姐", phone="'13812345678"))
    assert found.pairs == ()
    (double,) = found.doubles
    assert (double.person, double.rows) == (1, (0, 1))
    assert [(sign.key, sign.value) for sign in double.differs] == [
        ("other_phone", "13812345678 / 13912345678")
    ]


@pytest.mark.parametrize("other", ["'13912345678", "'+8613912345678、13812345678", ""])
def test_one_name_twice_with_a_phone_in_common_is_one_person(other: str) -> None:
    assert known(person("王姐", phone="'13912345678"), person("王姐", phone=other)).doubles == ()


@pytest.mark.parametrize(
    ("name", "core", "note"),
    [
        ("ＡＬＩＣＥ", "alice", ""),
        ("Alice [VIP2]", "alice", ""),
        ("愛喝茶【苏州】", "爱喝茶", "苏州"),
        ("李-老客户", "李老客户", ""),
        ("小李-老客户", "小李", ""),
        ("用户8837", "", ""),
        ("淘宝用户", "", ""),
        ("🌸", "", ""),
    ],
)
def test_what_is_left_of_a_name(name: str, core: str, note: str) -> None:
    found = likenesses([name])[name]
    assert (found.core, found.note) == (core, note)


def test_what_is_no_number_and_no_address_identifies_nobody() -> None:
    assert phones("无") == phones("12345") == phones("11111111111") == frozenset()
    assert addresses("北京市朝阳区") == addresses("文三路***号3幢") == frozenset()


@pytest.mark.proof
def test_a_hundred_thousand_customers_take_seconds_not_hours() -> None:
    people = "".join(f"客户{at}号,1390{at:07d}\n" for at in range(100_000))
    data = f"昵称,手机号\n{people}阿花,13900000007\n".encode()
    book = read_book(data, "客户.csv", as_of=46_000)
    identity = identify(book)
    begin = dt.datetime.now()
    assert len(sameness(book, identity).pairs) == 1
    assert dt.datetime.now() - begin < dt.timedelta(seconds=20)
