"""What a visitor sees: the front page and the privacy notice."""

import re
from typing import Any

import pytest

from clients.register import selectors as register
from tests import factories

pytestmark = pytest.mark.django_db
CHINESE = {"HTTP_ACCEPT_LANGUAGE": "zh-hans"}
FRONT_QUERIES = 1


@pytest.fixture
def places() -> None:
    """A regional branch with two below it, one of them with address and telephone."""
    region = factories.branch("EAST", name="华东分公司", address="上海市示范路 9 号")
    factories.branch("HF01", name="合肥营业部", address="合肥市示范路 1 号", phone="0551-60000100", parent=region)
    factories.branch("HF02", name="芜湖营业部", parent=region)


def test_the_front_page_has_two_doors_the_branches_and_the_word_of_risk(client: Any, places: None) -> None:
    answer = client.get("/", **CHINESE)

    text = answer.content.decode()
    assert answer.status_code == 200
    for shown in (
        'href="/login/"', 'href="/register/"', 'href="/privacy/"', "市场有风险，投资需谨慎。", "合肥营业部",
        "合肥市示范路 1 号", 'href="tel:0551-60000100"', "芜湖营业部",
    ):  # fmt: skip
        assert shown in text
    assert text.count('href="tel:') == 1


def test_branches_that_stand_above_others_serve_nobody_and_are_not_listed(client: Any, places: None) -> None:
    assert [branch.code for branch in client.get("/").context["near"]] == ["HF01", "HF02"]


def test_a_head_office_that_is_still_alone_serves_nobody(client: Any) -> None:
    head = factories.branch("HQ", name="总部")

    assert "总部" not in client.get("/").content.decode()
    assert list(register.open_branches()) == []
    factories.branch("HF01", name="合肥营业部", parent=head)
    factories.branch("NJ01", name="南京营业部", address="南京市示范路 2 号")
    assert [branch.code for branch in register.open_branches()] == ["HF01", "NJ01"]


def test_many_branches_wait_behind_a_fold(client: Any) -> None:
    for number in range(14):
        factories.branch(f"X{number:02}", name=f"第 {number} 营业部", address="示范路")

    answer = client.get("/", **CHINESE)

    assert (len(answer.context["near"]), len(answer.context["others"])) == (12, 2)
    assert "其余 2 家营业部" in answer.content.decode()


def test_a_house_without_branches_says_so(client: Any) -> None:
    assert "暂无营业部信息" in client.get("/", **CHINESE).content.decode()


@pytest.mark.parametrize("many", [1, 20])
def test_the_front_page_asks_equally_often_however_many_branches(
    client: Any, django_assert_num_queries: Any, many: int
) -> None:
    for _number in range(many):
        factories.branch(address="示范路")

    with django_assert_num_queries(FRONT_QUERIES):
        client.get("/")


def test_the_front_page_takes_no_form(client: Any) -> None:
    assert client.post("/").status_code == 405


def test_no_link_of_the_public_pages_is_dead(client: Any, places: None) -> None:
    pages = [client.get(path).content.decode() for path in ("/", "/privacy/", "/register/", "/login/")]
    links = {link for text in pages for link in re.findall(r'href="(/[^"#]*)"', text) if "/static/" not in link}

    assert {link: client.get(link).status_code for link in links} == {
        "/": 200, "/login/": 200, "/register/": 200, "/privacy/": 200, "/desk/login/": 200,
    }  # fmt: skip


@pytest.mark.parametrize("path", ["/", "/privacy/", "/register/"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_public_page_speaks_one_language(client: Any, path: str, language: str) -> None:
    text = client.get(path, HTTP_ACCEPT_LANGUAGE=language).content.decode()
    said = re.sub(r"<[^>]+>", " ", text).replace({"zh-hans": "English", "en": "简体中文"}[language], "")

    assert bool(re.search(r"[\u4e00-\u9fff]", said)) is (language == "zh-hans")


def test_the_privacy_notice_names_the_version_that_is_agreed_to(client: Any) -> None:
    assert "版本 v1" in client.get("/privacy/", **CHINESE).content.decode()


def test_the_policy_stands_on_public_pages_too(client: Any) -> None:
    for path in ("/", "/privacy/", "/register/"):
        assert "style-src 'self'" in client.get(path).headers["Content-Security-Policy"]
