"""Broken files: each problem names the line and the mend."""

import pytest

from bot.directory import Directory
from bot.problems import Problem
from tests.directory.conftest import Write

GOOD = """
    country: IT
    timezone: [Europe/Rome]
    emergency:
    - number: '112'
      for: [any]
      confidence: high
      sources: [{publisher: a list}]
      verified_on: 2026-11-21
    services:
    - id: it-line
      name: Linea
      kind: child_helpline
      url: https://example.org
      phones:
      - {number: '114', dial: '114'}
      hours: 24/7
      audience: [child]
      confidence: high
      sources: [{url: "https://example.org"}]
      verified_on: 2026-11-21
"""


def test_a_good_file_has_no_problem(write: Write) -> None:
    directory, problems = write(IT=GOOD)

    assert problems == []
    assert isinstance(directory, Directory)
    assert [one.number for one in directory.emergency("IT")] == ["112"]


@pytest.mark.parametrize(("old", "new", "line", "what"), [
    ("hours: 24/7", "hours: nine to five", 16, "the hours 'nine to five' cannot be read"),
    ("dial: '114'", "dial: 1-800-HELP", 15, "'1-800-HELP' cannot be dialled"),
    ("dial: '114'", "dial: '115'", 15, "115 does not dial 114"),
    ("number: '114', dial: '114'", "number: '+39 1', dial: '1111'", 15, "+39 1 is no valid number"),
    ("number: '114', dial: '114'", "number: '+39 02 2327 2327', dial: '114'", 15, "114 does not dial +39 02 2327 2327"),
    ("dial: '114'", "dial: 114", 15, "services[0].phones[0].dial is int, not str"),
    ("Europe/Rome", "Europe/Roma", 2, "there is no time zone 'Europe/Roma'"),
    ("timezone: [Europe/Rome]", "note: x", 1, "the time zone is missing"),
    ("id: it-line", "id: line", 10, "the id 'line' does not begin with 'it-'"),
    ("https://example.org\n", "http://elsewhere.org\n", 13, "'http://elsewhere.org' is not encrypted"),
    ("https://example.org\n", "www.example.org\n", 13, "'www.example.org' is no web address"),
    ("kind: child_helpline", "kind: hotlin", 12, "services[0].kind cannot be 'hotlin'"),
    ("confidence: high\n      sources: [{url", "confidence: low\n      sources: [{url", 18, "services[0].confidence cannot be 'low'"),
    ("name: Linea", "nome: Linea", 11, "there is no field 'nome'"),
    ("      name: Linea\n", "", 10, "the field 'name' is missing"),
    ("audience: [child]", "audience: []", 17, "it says not for whom the service is"),
    ("audience: [child]", "audience: [child]\n      languages: [xx]", 18, "there is no language 'xx'"),
    ("audience: [child]", "audience: [child]\n      reports_to: [it-nobody]", 18, "no service that takes reports has the id 'it-nobody'"),
    ("audience: [child]", "audience: [child]\n      timezone: Mars/North", 18, "there is no time zone 'Mars/North'"),
    ("number: '112'", "number: eins", 4, "'eins' is no short number"),
    ("for: [any]", "for: []", 5, "it says not what the number is for"),
    ("sources: [{publisher: a list}]", "sources: []", 7, "the number has no source"),
    ("country: IT", "country: FR", 1, "the country is 'FR', the file 'IT'"),
    ("country: IT", "country: IT\n    country: IT", 2, "is no valid YAML: the key 'country' stands twice"),
    ("emergency:", "emergency: &x", 3, "is no valid YAML: tags and anchors are not used here"),
    ("country: IT", "country: [", 0, "is no valid YAML"),
])  # fmt: skip
def test_a_problem_names_its_line(write: Write, old: str, new: str, line: int, what: str) -> None:
    assert old in GOOD
    _, problems = write(IT=GOOD.replace(old, new, 1))

    found = [problem for problem in problems if what in problem.what]
    assert found, problems
    assert found[0].path == "agencies/IT.yaml"
    assert found[0].line == line or line == 0
    assert found[0].mend


def test_all_problems_are_collected(write: Write) -> None:
    _, problems = write(
        IT=GOOD.replace("24/7", "never?").replace("Europe/Rome", "Nowhere"), FR=GOOD, XX="country: XX\n"
    )

    assert {problem.path for problem in problems} == {
        "agencies/IT.yaml",
        "agencies/FR.yaml",
        "agencies/XX.yaml",
    }
    assert any("there is no country 'XX'" in problem.what for problem in problems)
    assert any("stands twice" in problem.what for problem in problems)


REFUSED = """
    numbers:
    - {countries: [IT], number: "114", why: "a test"}
    - {countries: [IT], number: "0800 123 456", why: "a test"}
    - {countries: [FR], number: "112", why: "another country"}
    domains:
    - {text: bad.example, why: it lies}
"""


def test_a_refused_number_is_found_where_it_is_dialled(write: Write) -> None:
    _, problems = write(IT=GOOD, refused=REFUSED)

    assert [(one.line, one.what) for one in problems] == [(10, "114 is refused: a test")]


def test_a_long_refused_number_is_found_in_any_text(write: Write) -> None:
    _, problems = write(IT=GOOD + "      note: or 0800-123456 at night\n", refused=REFUSED)

    assert (21, "0800 123 456 is refused: a test") in [(one.line, one.what) for one in problems]


def test_a_refused_domain_is_found_in_any_text(write: Write) -> None:
    _, problems = write(IT=GOOD + "      note: see Bad.Example\n", refused=REFUSED)

    assert (21, "'bad.example' must stand nowhere: it lies") in [(one.line, one.what) for one in problems]


def test_an_empty_folder_is_a_problem(write: Write) -> None:
    _, problems = write()

    assert problems == [
        Problem("agencies", 0, "holds no country", "add agencies/CC.yaml; see agencies/README.md"),
    ]


def test_a_service_that_nothing_leads_to_is_a_problem(write: Write) -> None:
    text = GOOD.replace("      url: https://example.org\n", "").replace(
        "      phones:\n      - {number: '114', dial: '114'}\n", ""
    )
    _, problems = write(IT=text)

    assert [(one.line, one.what) for one in problems] == [(10, "nothing leads to the service")]


def test_a_partner_that_leads_nowhere_is_a_problem(write: Write) -> None:
    _, problems = write(
        IT=GOOD,
        PARTNERS="""
        partners:
        - id: partner-x
          name: X
          role: none
          today: Gone.
          reports_to: [it-nobody]
          confidence: low
          sources: [{publisher: a list}]
          verified_on: 2026-11-21
    """,
    )

    assert [one.what for one in problems] == ["partner-x: no service has the id 'it-nobody'"]
