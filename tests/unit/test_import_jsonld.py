"""JSON-LD is read as pages have it, broken in all the ways they break it; one bad script costs only itself."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from griot.knowledge.importing.pages.document import open_page
from griot.knowledge.importing.pages.jsonld import documents, scripts


def names(text: str) -> list[Any]:
    return [document.get("name") for document in documents(text) if isinstance(document, dict)]


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "Gourd",}',
        '{"name": "Gourd", // ours\n "n": 1}',
        '{"name": "Gourd", "text": "two\nlines\there"}',
        '{"name": "Gourd", "rating": NaN}',
        "{'name': 'Gourd'}",
        '<!-- {"name": "Gourd"} -->',
        '{"name": "Gourd"};',
        '\ufeff{"name": "Gourd"}',
        '//<![CDATA[\n{"name": "Gourd"}\n//]]>',
        '<![CDATA[{"name": "Gourd"}]]>',
        '{"name": "Gourd", "size": }',
        '{"name": "Gourd",, "n": 1}',
        '{"name": "Gourd", "offers": {"price": "3',
        r'{"name": "Gourd", "path": "a\d"}',
        "{&quot;name&quot;: &quot;Gourd&quot;}",
    ],
)
def test_damage_is_repaired(text: str) -> None:
    assert names(text) == ["Gourd"]


def test_a_quotation_mark_inside_a_name() -> None:
    assert names('{"name": "Screen 24" wide", "n": 1}')[0].startswith("Screen 24")


def test_two_objects_in_one_script() -> None:
    assert names('{"name": "One"}\n{"name": "Two"}') == ["One", "Two"]
    assert names("{'name': 'One'}\n{\"name\": \"Two\",}") == ["One", "Two"]


def test_an_empty_script_holds_nothing() -> None:
    assert list(documents("  ")) == []


def test_scripts_are_found_by_the_beginning_of_their_type() -> None:
    page = open_page(
        b"""<html><head><script type="Application/LD+JSON; charset=utf-8">{"name": "One"}</script>
        <script type="application/ld+json">{{{</script><script>{"name": "Not this"}</script>
        <script type="application/ld+json">{"name": "Two"}</script></head></html>""",
        None,
        None,
    )
    assert page is not None
    found = [document["name"] for document in scripts(page) if isinstance(document, dict) and "name" in document]
    assert found == ["One", "Two"]


@given(st.text(alphabet="{}[]\":,'\\ntrue0 1<>!-/a", max_size=120))
def test_no_script_is_too_broken(text: str) -> None:
    list(documents(text))


def test_depth_is_no_bomb() -> None:
    list(documents("[" * 100_000))
    list(documents('{"a":' * 50_000 + "1"))
