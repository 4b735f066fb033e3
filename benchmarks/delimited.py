"""Large CSV files read by ``read_book``, beside DuckDB's own read of the same file.

As a program of its own it is one of the processes that are compared::

    python -m benchmarks.delimited write-clean|write-dirty PATH ROWS
    python -m benchmarks.delimited ours|duckdb|fetched PATH
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.table import Aim, Tables
from benchmarks.timing import PYTHON, Command, run, side_by_side

CLEAN, DIRTY = 1_000_000, (10_000, 100_000)
PROGRAM = (PYTHON, "-m", "benchmarks.delimited")
_HEAD = "日期,昵称,商品,成交价,状态,订单号\n"
_ITEMS = ("冰箱", "洗衣机", "电视", "壶", "书桌", "台灯", "自行车")
_DATES = (
    "2024.{m}.{d}",
    "2024年{m}月{d}日",
    "{m}月{d}日",
    "2024-{m:02}-{d:02} 14:02",
    "昨天",
    "20240{m:1}01",
)
_AMOUNTS = ("¥{n:,.2f}", "{n:.1f}元", "约{n:.0f}", "{n:.2f}", "({n:.2f})", "1.2万", "")


def _write_clean(path: Path, rows: int) -> None:
    rnd = random.Random(5)
    with path.open("w", encoding="utf-8") as file:
        file.write(_HEAD)
        for at in range(rows):
            day = f"2024-{rnd.randint(1, 12):02}-{rnd.randint(1, 28):02}"
            who, price = rnd.randrange(rows // 8 + 1), rnd.randrange(1, 500_000) / 100
            number = 4_000_000_000_000_000_000 + 7 * at
            file.write(f"{day},买家{who},{rnd.choice(_ITEMS)},{price:.2f},交易成功,{number}\n")


def _write_dirty(path: Path, rows: int) -> None:
    """Every row has something to mend, and most have it in their own way."""
    rnd = random.Random(6)
    with path.open("w", encoding="utf-8") as file:
        file.write(_HEAD)
        for at in range(rows):
            day = rnd.choice(_DATES).format(m=rnd.randint(1, 9), d=rnd.randint(1, 28))
            price = rnd.choice(_AMOUNTS).format(n=rnd.randrange(1, 500_000) / 100)
            state = rnd.choice(("交易成功", "成交", "不知道", "买家取消 ", ""))
            who = rnd.choice((" 买家{} ", "买\u200b家{}", "买家{}", "t***{}")).format(
                rnd.randrange(rows // 8 + 1)
            )
            file.write(f'{day},{who},{rnd.choice(_ITEMS)},"{price}",{state},1.7743{at}E10\n')


def _ours(path: Path) -> None:
    from sheetkit.intake import read_book
    from sheetkit.pipeline.uncollected import uncollected

    with uncollected():  # as every command reads
        assert len(read_book(path.read_bytes(), path.name).tables["trades"]) > 1


def _duckdb(path: Path) -> None:
    import duckdb

    duckdb.connect().execute("create table read as select * from read_csv(?)", [str(path)])


def _fetched(path: Path) -> None:
    import duckdb

    assert duckdb.connect().execute("select * from read_csv(?)", [str(path)]).fetchall()


READERS: dict[str, Callable[[Path], None]] = {"ours": _ours, "duckdb": _duckdb, "fetched": _fetched}


def reading(tables: Tables, folder: Path, rounds: int) -> None:
    """Clean rows beside DuckDB, dirty rows beside a tenth of them."""
    clean = folder / "clean.csv"
    run((*PROGRAM, "write-clean", clean, str(CLEAN)))
    commands: dict[str, Command] = {name: (*PROGRAM, name, clean) for name in READERS}
    for rows in DIRTY:
        path = folder / f"dirty-{rows}.csv"
        run((*PROGRAM, "write-dirty", path, str(rows)))
        commands[str(rows)] = (*PROGRAM, "ours", path)
    ours, duckdb, fetched, few, many = side_by_side(commands, rounds).values()
    size = f"{CLEAN:,} clean rows of CSV"
    tables.figure(f"{size}: `read_book`", ours)
    tables.figure(f"{size}: DuckDB reads them into a table of its own", duckdb)
    tables.figure(f"{size}: DuckDB, and the values handed to Python", fetched)
    for rows, one in zip(DIRTY, (few, many), strict=True):
        tables.figure(f"{rows:,} dirty rows of CSV: `read_book`", one)
    for against, other in (("DuckDB's own read", duckdb), ("the same, handed to Python", fetched)):
        times = ours.times(other)
        tables.aim(Aim(f"`read_book`, {size}", against, "≤ 2 ×", f"{times}", times.cpu <= 2))
    longer = many.times(few)
    work = f"`read_book`, {DIRTY[1]:,} dirty rows"
    tables.aim(Aim(work, f"{DIRTY[0]:,}", "≤ 11 ×", f"{longer}", longer.cpu <= 11))


def main() -> None:
    what, path, *rows = sys.argv[1:]
    if what in READERS:
        READERS[what](Path(path))
        return
    {"write-clean": _write_clean, "write-dirty": _write_dirty}[what](Path(path), int(rows[0]))


if __name__ == "__main__":
    main()
