"""The notice that kernels are compiled comes once, and only when numba compiles."""

import numba

from storycluster.compiling import announce_compiling


def test_the_notice_comes_once_for_many_kernels_and_never_for_compiled_ones() -> None:
    said: list[str] = []
    one, two = numba.njit(lambda x: x + 1), numba.njit(lambda x: x + 2)
    with announce_compiling(lambda: said.append("compiling")):
        assert (one(1), two(1)) == (2, 3)
    assert said == ["compiling"]
    with announce_compiling(lambda: said.append("again")):
        assert one(1) == 2
    assert said == ["compiling"]
