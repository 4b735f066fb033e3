"""A template of one's own, as its page describes it: the example from end to end, and every mistake."""

from __future__ import annotations

import io
import re
import threading
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from sheetkit.cli import main
from sheetkit.errors import TemplateError
from sheetkit.messages import LANGS, Lang, text
from sheetkit.model.blueprint import blueprint
from sheetkit.model.lists import lists
from sheetkit.model.overlay import using
from sheetkit.model.own import own_from
from sheetkit.model.report import META_SHEET
from sheetkit.pipeline.analyze import analyze_file
from sheetkit.pipeline.check import check_file
from sheetkit.pipeline.new import chosen_template
from sheetkit.pipeline.outcome import Outcome, analysis_json
from sheetkit.pipeline.strip import strip_file
from sheetkit.rules.rulebook import rulebook
from sheetkit.writing.blank import Plan, template_workbook
from sheetkit.writing.live.layout import Capacity
from sheetkit.writing.sheet import Value
from tests.live.books import type_into
from tests.tools import ROOT, recalculate_many, validate

PAGES: dict[Lang, Path] = {"en": ROOT / "docs/own-template.md", "zh": ROOT / "docs/own-template.zh.md"}
AS_OF = date(2026, 5, 20)
TYPED: dict[str, list[dict[str, Value]]] = {
    "customers": [
        {"nickname": "Jia", "buys_for": 0, "collecting": "hills"},
        {"nickname": "Yi", "buys_for": 0},
        {"nickname": "Bing", "buys_for": 2},
        {"nickname": "Ding", "buys_for": 0},
    ],
    "trades": [
        {"date": date(2026, 4, 1), "nickname": "Jia", "item": "Hills", "amount": 2000},
        {"date": date(2026, 4, 2), "nickname": "Yi", "item": "Lotus", "amount": 1999.99},
        {"date": date(2026, 4, 3), "nickname": "Bing", "item": "Plum", "amount": 9000},
    ],
    "viewings": [
        {"date": date(2026, 5, 1), "nickname": "Ding", "work": "Lotus", "offered": 500},
        {"date": date(2024, 5, 1), "nickname": "Ding", "work": "Plum", "offered": 80},
        {"date": date(2026, 5, 2), "nickname": "Yi", "work": "Hills", "offered": 499.99},
    ],
}
"""What the page says is filled in; a choice of a list by its place."""
CLASSES = {"Jia": "collector", "Yi": "new", "Bing": "new", "Ding": "collector"}
VIEWED = {"Jia": 0, "Yi": 1, "Bing": 0, "Ding": 1}
"""Counted by hand: Ding's viewing of 2024 is older than a year."""

over_languages = pytest.mark.parametrize("lang", LANGS)


def example(lang: Lang) -> str:
    """The template of the page."""
    (block,) = re.findall(r"^```toml\n(.*?)^```$", PAGES[lang].read_text("utf-8"), re.S | re.M)
    return str(block)


def mistakes(lang: Lang) -> list[tuple[str, str, str]]:
    """(as it is, as mistyped, the answer) of the page's table."""
    found = re.findall(r"^\| `(.+)` → `(.+)` \| (.+) \|$", PAGES[lang].read_text("utf-8"), re.M)
    return [(old, new, said) for old, new, said in found]


def write(folder: Path, content: str) -> Path:
    file = folder / "my.toml"
    file.write_text(content, "utf-8")
    return file


def filled(file: Path, lang: Lang) -> bytes:
    """The new workbook with the rows of TYPED in it."""
    own, template = chosen_template(str(file))
    with using(own):
        choices = [one.labels[lang] for one in lists()["buys_for"].entries]
        rows: dict[str, list[dict[str, Value]]] = {
            table: [
                {key: choices[one] if key == "buys_for" else one for key, one in row.items()} for row in some
            ]  # type: ignore[call-overload]  # the choice is a place
            for table, some in TYPED.items()
        }
        return template_workbook(Plan(template, lang, AS_OF, Capacity(20, 20, 20), rows))


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[Lang, bool], bytes]:
    """The example of each language as filled in, and (True) as LibreOffice saved it, everything computed."""
    folder = tmp_path_factory.mktemp("own")
    files = {}
    for lang in LANGS:
        files[lang] = folder / f"{lang}.xlsx"
        files[lang].write_bytes(filled(write(folder, example(lang)), lang))
    (folder / "my.toml").unlink()
    made = recalculate_many(list(files.values()), folder / "saved")
    plain = {(lang, False): file.read_bytes() for lang, file in files.items()}
    return plain | {(lang, True): file.read_bytes() for lang, file in zip(files, made, strict=True)}


def by_name(found: Outcome, key: str) -> dict[str, object]:
    return dict(zip(found.analysis.customers["name"], found.analysis.customers[key], strict=True))


def shown(data: bytes, lang: Lang, headers: Mapping[str, str]) -> dict[str, dict[str, object]]:
    """{customer: {key: value}} of the live sheet 客户分类."""
    sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True)[
        blueprint("xianyu").sheet("classes").labels[lang]
    ]
    rows = list(sheet.iter_rows(values_only=True))
    head = next(at for at, row in enumerate(rows) if headers["name"] in row)
    places = {key: rows[head].index(header) for key, header in headers.items()}
    lines = ({key: row[at] for key, at in places.items()} for row in rows[head + 1 :])
    return {str(one["name"]): one for one in lines if one["name"]}


def test_both_pages_show_the_same_example() -> None:
    assert tomllib.loads(example("zh")) == tomllib.loads(example("en"))


@over_languages
def test_the_example_sorts_as_the_page_says(lang: Lang, books: dict[tuple[Lang, bool], bytes]) -> None:
    found = analyze_file(books[lang, True], "mine.xlsx", as_of=AS_OF)
    assert found.analysis.template == "my_studio"
    assert by_name(found, "customer_class") == CLASSES
    assert by_name(found, "viewings_365") == VIEWED
    assert not found.analysis.findings
    assert {one.customer for one in found.analysis.tasks} == {"Jia", "Ding"}
    (jia,) = (one for one in found.analysis.tasks if one.customer == "Jia")
    assert jia.message in tomllib.loads(example(lang))["plays"][0]["drafts"][lang]
    assert jia.why.startswith(
        ("藏家:为收藏而买,累计消费 ¥2,000(≥¥2,000)", "Collector: buys to collect, revenue $2,000")
    )


@over_languages
def test_the_formulas_say_the_same(lang: Lang, books: dict[tuple[Lang, bool], bytes]) -> None:
    own = own_from(example(lang), "my.toml")
    with using(own):
        main, metric = rulebook().dimensions["customer_class"], rulebook().metrics["viewings_365"]
    headers = {"name": {"zh": "客户", "en": "Customer"}[lang], "class": main.labels[lang]}
    live = shown(books[lang, True], lang, headers | {"viewed": metric.labels[lang]})
    labels = {one.key: one.labels[lang] for one in main.classes}
    assert {name: one["class"] for name, one in live.items()} == {
        name: labels[key] for name, key in CLASSES.items()
    }
    assert {name: one["viewed"] for name, one in live.items()} == VIEWED


def test_a_save_by_another_program_changes_nothing(books: dict[tuple[Lang, bool], bytes]) -> None:
    before, after = (analyze_file(books["zh", saved], "mine.xlsx", as_of=AS_OF) for saved in (False, True))
    assert analysis_json(before.analysis, "x", "zh") == analysis_json(after.analysis, "x", "zh")
    assert before.analysis.own == after.analysis.own == own_from(example("zh"), "my.toml")


def test_the_workbook_is_sound_and_comes_back_whole(
    books: dict[tuple[Lang, bool], bytes], tmp_path: Path
) -> None:
    file = tmp_path / "out.xlsx"
    file.write_bytes(analyze_file(books["zh", False], "mine.xlsx", as_of=AS_OF).workbook)
    assert validate([file]) == {file: []}
    stripped = strip_file(file.read_bytes(), "out.xlsx")
    assert stripped.exact
    again = analyze_file(stripped.workbook, "mine.xlsx", as_of=AS_OF)
    assert again.workbook == file.read_bytes()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (old, new, {"en": en, "zh": zh[2]})
        for (old, new, en), zh in zip(mistakes("en"), mistakes("zh"), strict=True)
    ],
)
def test_a_mistake_is_answered_as_the_pages_say(
    old: str, new: str, said: Mapping[Lang, str], tmp_path: Path
) -> None:
    content = example("en")
    assert old in content
    with pytest.raises(TemplateError) as caught:
        chosen_template(str(write(tmp_path, content.replace(old, new, 1))))
    for lang in LANGS:
        assert text(caught.value.key, lang, **caught.value.params) == said[lang]


def test_both_pages_show_the_same_mistakes_of_many_kinds() -> None:
    assert [one[:2] for one in mistakes("en")] == [one[:2] for one in mistakes("zh")]
    assert len(mistakes("en")) >= 15


def test_a_mistake_ends_the_command_with_2_and_writes_nothing(tmp_path: Path) -> None:
    file = write(tmp_path, example("en").replace("rank = 6", 'rank = "6"'))
    done = CliRunner().invoke(main, ["new", str(file), "-o", str(tmp_path / "x.xlsx"), "--lang", "en"])
    assert done.exit_code == 2
    assert "my.toml:" in done.stderr
    assert "rank is '6', expected int" in done.stderr
    assert [one.name for one in tmp_path.iterdir()] == ["my.toml"]


# What a workbook carries


def carried(data: bytes, lines: Mapping[int, str]) -> bytes:
    """A workbook with lines of its template typed over."""
    sheet = openpyxl.load_workbook(io.BytesIO(data), read_only=True)[META_SHEET]
    keys = {str(row[0].value): row[0].row for row in sheet.iter_rows() if row[0].value}
    return type_into(data, {META_SHEET: {f"B{keys[f'own:{at}']}": said for at, said in lines.items()}})


@pytest.mark.parametrize(
    "line",
    [
        "this is no TOML",
        'key = "x\'); DROP TABLE people; --"',
        'key = "xianyu2"\nbased_on = "../../etc/passwd"',
        "key = 12",
    ],
)
def test_a_broken_template_is_a_sentence_and_the_shipped_one_serves(
    line: str, books: dict[tuple[Lang, bool], bytes]
) -> None:
    broken = carried(books["en", False], {1: line})
    found = analyze_file(broken, "mine.xlsx", as_of=AS_OF)
    (said,) = (one.sentence("en") for one in found.analysis.findings if one.code == "own_template_broken")
    assert said.startswith("the template this workbook carries cannot be used")
    assert "my.toml" in said
    assert found.analysis.template == "xianyu"
    assert by_name(found, "customer_class")["Bing"] == "new"
    assert "own_template_broken" in {
        one.code for one in check_file(broken, "mine.xlsx", as_of=AS_OF).findings
    }


def test_nothing_of_a_template_stays_in_force(books: dict[tuple[Lang, bool], bytes]) -> None:
    before = rulebook()
    analyze_file(books["zh", False], "mine.xlsx", as_of=AS_OF)
    assert rulebook() is before
    assert "collector_line" not in rulebook().thresholds
    own = own_from(example("zh"), "my.toml")
    seen: list[bool] = []
    with using(own):
        assert "collector_line" in rulebook().thresholds
        other = threading.Thread(target=lambda: seen.append("collector_line" in rulebook().thresholds))
        other.start()
        other.join()
    assert seen == [False]
