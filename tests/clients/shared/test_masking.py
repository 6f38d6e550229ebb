"""How personal fields look when they may not be seen in full."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.shared import masking
from clients.shared.masking import Level

MASKS = [
    masking.mask_name,
    masking.mask_mobile,
    masking.mask_id_no,
    masking.mask_account,
    masking.mask_address,
    masking.mask_email,
]


@pytest.mark.parametrize(
    ("mask", "plain", "masked"),
    [
        (masking.mask_name, "张三", "张*"),
        (masking.mask_name, "张三丰", "张**"),
        (masking.mask_name, "张", "张*"),
        (masking.mask_mobile, "13800001234", "138****1234"),
        (masking.mask_mobile, "1380", "****"),
        (masking.mask_id_no, "340104199003071234", "340***********1234"),
        (masking.mask_account, "100000123456", "********3456"),
        (masking.mask_account, "3456", "****"),
        (masking.mask_email, "zhang.san@x.com", "z***@x.com"),
        (masking.mask_email, "no address", "**********"),
        (masking.mask_address, "上海市浦东新区世纪大道1号", "上海市浦东新区****"),
        (masking.mask_address, "安徽省合肥市长丰县水湖镇3号", "安徽省合肥市长丰县****"),
        (masking.mask_address, "江苏省昆山市玉山镇幸福小区3栋", "江苏省昆山市****"),
        (masking.mask_address, "成都市金牛路幸福小区3栋", "成都市****"),
        (masking.mask_address, "广西壮族自治区南宁市青秀区民族大道100号", "广西壮族自治区南宁市青秀区****"),
        (masking.mask_address, "东大街12号", "东大****"),
        (masking.mask_address, "北京", "**"),
    ],
)
def test_the_masked_forms_of_domain_8(mask: Callable[[str], str], plain: str, masked: str) -> None:
    assert mask(plain) == masked


@pytest.mark.parametrize("mask", MASKS)
def test_empty_stays_empty(mask: Callable[[str], str]) -> None:
    assert mask("") == ""


@given(st.text(min_size=1, max_size=40), st.sampled_from(MASKS))
def test_no_mask_gives_back_what_it_was_given(plain: str, mask: Callable[[str], str]) -> None:
    masked = mask(plain)

    assert "*" in masked
    assert masked != plain or set(plain) == {"*"} or mask is masking.mask_email


@pytest.mark.parametrize(
    ("level", "shown"),
    [
        (Level.FULL, "张三丰"),
        (Level.MASKED, "张**"),
        (Level.REVEAL, "张**"),
        (Level.BAND, None),
        (Level.ABSENT, None),
    ],
)
def test_a_level_decides_what_is_shown(level: Level, shown: str | None) -> None:
    assert masking.apply(level, "张三丰", masking.mask_name) == shown
