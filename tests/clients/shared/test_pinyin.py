"""Names spelt in pinyin."""

import subprocess
import sys

import pytest
from django.conf import settings

from clients.shared.pinyin import initials, spelt


@pytest.mark.parametrize(
    ("name", "syllables", "letters"),
    [
        ("贵州茅台", "gui zhou mao tai", "GZMT"), ("万科A", "wan ke A", "WKA"), ("*ST 华微", "*ST  hua wei", "*STHW"),
        ("重庆银行", "chong qing yin hang", "CQYH"), ("", "", ""),
    ],
)  # fmt: skip
def test_names_are_spelt(name: str, syllables: str, letters: str) -> None:
    assert (spelt(name), initials(name)) == (syllables, letters)


def test_no_process_loads_the_dictionary_before_it_spells_a_name() -> None:
    program = "import django, sys; django.setup(); print('pypinyin' in sys.modules)"

    ran = subprocess.run([sys.executable, "-c", program], cwd=settings.BASE_DIR, capture_output=True, text=True)

    assert ran.stdout.strip() == "False"
