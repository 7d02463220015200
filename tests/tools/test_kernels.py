"""Kernels that tests start: one whose port another program has taken is started again."""

import pytest
from drive.kernels import TRIES, patiently


def test_a_kernel_that_can_not_start_is_tried_again_and_told_at_last():
    tried = []

    def starts(fails, **named):
        tried.append(named)
        if len(tried) <= fails:
            raise RuntimeError("Kernel died before replying to kernel_info")
        return "a kernel"

    assert patiently(starts)(TRIES - 1, cwd=".") == "a kernel"
    assert tried == [{"cwd": "."}] * TRIES
    tried.clear()
    with pytest.raises(RuntimeError, match="Kernel died"):
        patiently(starts)(TRIES)
