"""demo: a blank workbook, a filled sample, and the sample annotated, in one folder."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from sheetkit.errors import UsageError
from sheetkit.messages import Lang, text
from sheetkit.model.blueprint import blueprint
from sheetkit.pipeline.analyze import analyze_file
from sheetkit.pipeline.files import write_keeping_old
from sheetkit.pipeline.new import new_workbook
from sheetkit.pipeline.troubles import told_writing

TEMPLATE = "xianyu"


def run_demo(folder: Path, lang: Lang, today: date) -> Iterator[tuple[str, Path]]:
    """Write the three files and name each as it is there; files of an earlier demo go to its backup
    folder."""
    if folder.exists() and not folder.is_dir():
        raise UsageError("file.not_folder", path=str(folder))
    with told_writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    name = blueprint(TEMPLATE).labels[lang]
    blank = folder / f"1 {name}{text('demo.blank', lang)}.xlsx"
    write_keeping_old(blank, new_workbook(TEMPLATE, lang, today), lang)
    yield "blank", blank
    filled = folder / f"2 {name}{text('demo.sample', lang)}.xlsx"
    data = new_workbook(TEMPLATE, lang, today, with_sample=True)
    write_keeping_old(filled, data, lang)
    yield "sample", filled
    annotated = folder / f"3 {name}{text('demo.annotated', lang)}.xlsx"
    write_keeping_old(annotated, analyze_file(data, filled.name, as_of=today).workbook, lang)
    yield "annotated", annotated
