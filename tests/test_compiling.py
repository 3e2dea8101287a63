"""The notice that kernels are compiled comes once, and only when numba compiles."""

import numba
import numpy as np
import pytest

from storycluster.compiling import _returns_arrays, announce_compiling, kernel


def test_the_notice_comes_once_for_many_kernels_and_never_for_compiled_ones() -> None:
    said: list[str] = []
    one, two = numba.njit(lambda x: x + 1), numba.njit(lambda x: x + 2)
    with announce_compiling(lambda: said.append("compiling")):
        assert (one(1), two(1)) == (2, 3)
    assert said == ["compiling"]
    with announce_compiling(lambda: said.append("again")):
        assert one(1) == 2
    assert said == ["compiling"]


def test_an_array_made_and_not_returned_is_refused_as_nothing_would_free_it() -> None:
    def count(values):  # type: ignore[no-untyped-def]
        return np.zeros(values.size, np.int64).size

    with pytest.raises(numba.TypingError):
        kernel("int64(int64[::1])")(count)


def test_a_kernel_that_returns_arrays_makes_them() -> None:
    def double(values):  # type: ignore[no-untyped-def]
        twice = np.empty(values.size, np.int64)
        for at in range(values.size):
            twice[at] = 2 * values[at]
        return twice

    for signature in ("int64[::1](int64[::1])", "Tuple((int64[::1], int64))(int64[::1])"):
        assert _returns_arrays(signature)
    assert kernel("int64[::1](int64[::1])")(double)(np.arange(3)).tolist() == [0, 2, 4]


def test_without_a_place_for_its_cache_a_kernel_is_compiled_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numba.config, "CACHE_LOCATOR_CLASSES", "ZipCacheLocator")  # none for a file that is not zipped

    def third(value):  # type: ignore[no-untyped-def]
        return value + 3

    assert kernel("int64(int64)")(third)(4) == 7
