"""What a machine does not have is skipped by name, and missed where it must be there."""

import pytest

from tests.services import needs


def test_missing_program_skips_the_test_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="this machine has no chromium-of-tomorrow"):
        needs("chromium-of-tomorrow")


def test_missing_program_fails_the_test_under_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="this machine has no chromium-of-tomorrow"):
        needs("chromium-of-tomorrow")
