"""Long columns held compactly: different cells once, with each row's place among them; or whole numbers.

Both are sequences of what they stand for, so that whoever needs no speed need not know. numpy takes a fifth
of a second to import; nothing here does so before there is such a column.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import compress
from typing import TYPE_CHECKING, Any, overload

if TYPE_CHECKING:
    from numpy import bool_, int64, integer
    from numpy.typing import NDArray

_LARGEST = 1 << 41
"""Of whole numbers up to here two million, the most a file may hold, add up to 62 bits."""

_FEW = 1000
"""So many single rows are cheaper than the whole column as a list."""


class Long(Sequence[Any], ABC):
    """A column of many rows; it becomes a list where one row after the other is asked for."""

    def __init__(self) -> None:
        self._listed: list[Any] | None = None
        self._asked = 0

    @abstractmethod
    def _tolist(self) -> list[Any]:
        """The rows, as a new list."""

    @abstractmethod
    def _one(self, at: int) -> Any:
        """A single row; ``at`` is not negative."""

    def __iter__(self) -> Iterator[Any]:
        return iter(self._tolist() if self._listed is None else self._listed)

    @overload
    def __getitem__(self, at: int) -> Any: ...
    @overload
    def __getitem__(self, at: slice) -> list[Any]: ...
    def __getitem__(self, at: int | slice) -> Any:
        if self._listed is None:
            self._asked += 1
            if isinstance(at, int) and 0 <= at < len(self) and self._asked < _FEW:
                return self._one(at)
            self._listed = self._tolist()
        return self._listed[at]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # as of a list

    def __repr__(self) -> str:
        return repr(list(self))


class Known(Long):
    """A column of which the different cells are known: what goes for a cell is asked once for all like it."""

    @property
    @abstractmethod
    def _coded(self) -> tuple[list[Any], NDArray[integer]]:
        """The kinds and the codes."""

    @property
    def kinds(self) -> list[Any]:
        """The different cells, in any order."""
        return self._coded[0]

    @property
    def codes(self) -> NDArray[integer]:
        """Per row, the place of its cell in ``kinds``."""
        return self._coded[1]

    def __len__(self) -> int:
        return len(self.codes)

    def __contains__(self, cell: object) -> bool:
        return cell in self.kinds

    def _tolist(self) -> list[Any]:
        return list(map(self.kinds.__getitem__, self.codes.tolist()))

    def _one(self, at: int) -> Any:
        return self.kinds[self.codes[at]]

    def read_as(self, values: list[Any]) -> Sequence[Any]:
        """The column with these values for its different cells."""
        if all(type(value) is int and -_LARGEST < value < _LARGEST for value in values if value is not None):
            return _numbers(values, self.codes)
        return Coded(values, self.codes)

    def where(self, wanted: Callable[[Any], bool]) -> list[int]:
        """The rows with a cell of which this is true."""
        import numpy

        marked = numpy.array([wanted(cell) for cell in self.kinds], numpy.bool_)
        found: list[int] = numpy.flatnonzero(marked[self.codes]).tolist() if marked.any() else []
        return found

    def only(self, exists: Sequence[bool]) -> Sequence[Any]:
        """The rows for which this is true."""
        return list(compress(self, exists))

    def blanked(self, rows: list[int]) -> Known:
        """The column with None in these rows."""
        codes = self.codes.copy()
        codes[rows] = len(self.kinds)
        return Coded([*self.kinds, None], codes)

    @property
    def are_digits(self) -> bool:
        """Whether every cell is surely a text of the digits 0 to 9 and nothing else."""
        return False

    def cents(self) -> Numbers | None:
        """The cents of plain amounts; None where a cell has to be looked at closely."""
        return None


class Coded(Known):
    """Cells, and each row's place among them. Each occurs; some may be alike."""

    def __init__(self, kinds: list[Any], codes: NDArray[integer]) -> None:
        super().__init__()
        self._both = kinds, codes

    @property
    def _coded(self) -> tuple[list[Any], NDArray[integer]]:
        return self._both


class Numbers(Long):
    """Whole numbers and blanks. ``array`` holds 0 where ``blank`` is true; None for no blank at all."""

    def __init__(self, array: NDArray[int64], blank: NDArray[bool_] | None = None) -> None:
        super().__init__()
        self.array = array
        self.blank = blank if blank is not None and blank.any() else None

    def __len__(self) -> int:
        return len(self.array)

    def __contains__(self, value: object) -> bool:
        if value is None:
            return self.blank is not None
        return isinstance(value, int) and value in self.array.tolist()

    def _tolist(self) -> list[int | None]:
        if self.blank is None:
            found: list[int | None] = self.array.tolist()
            return found
        shown = self.array.astype(object)
        shown[self.blank] = None
        return shown.tolist()  # type: ignore[no-any-return]

    def _one(self, at: int) -> int | None:
        return None if self.blank is not None and self.blank[at] else int(self.array[at])

    def kept(self, used: Sequence[bool]) -> NDArray[int64]:
        """The numbers of the rows for which this is true, 0 for a blank."""
        import numpy

        return self.array if all(used) else self.array[numpy.array(used, numpy.bool_)]

    def total(self) -> int:
        """The sum of what is not blank."""
        return int(self.array.sum())

    def all(self) -> bool:
        """Whether no row is blank or 0."""
        return bool(self.array.all())


def _numbers(values: list[int | None], codes: NDArray[integer]) -> Numbers:
    import numpy

    array = numpy.array([value or 0 for value in values], numpy.int64)
    blank = numpy.array([value is None for value in values], numpy.bool_)
    return Numbers(array[codes], blank[codes] if blank.any() else None)


def different(cells: Sequence[Any]) -> Collection[Any]:
    """The different cells of a column where they are known, else all of them."""
    return cells.kinds if isinstance(cells, Known) else cells


def where(cells: Sequence[Any], wanted: Callable[[Any], bool]) -> list[int]:
    """The rows of a column with a cell of which this is true; asked once for all like it where it can be."""
    if isinstance(cells, Known):
        return cells.where(wanted)
    return [at for at, cell in enumerate(cells) if wanted(cell)]


def only(cells: Sequence[Any], exists: Sequence[bool]) -> Sequence[Any]:
    """The rows of a column for which this is true."""
    return cells.only(exists) if isinstance(cells, Known) else list(compress(cells, exists))


def all_true(values: Sequence[Any]) -> bool:
    """Whether every value is something: no blank, no 0."""
    return values.all() if isinstance(values, Numbers) else all(different(values))


def total(values: Sequence[int | None]) -> int:
    """The sum of what is not blank."""
    return values.total() if isinstance(values, Numbers) else sum(filter(None, values))
