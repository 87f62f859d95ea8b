"""What agencies/ promises: nothing unconfirmed is shown, no refused number stands anywhere."""

import re
from datetime import UTC, datetime

import pytest
import yaml

from bot.directory import Directory, countries
from bot.directory.search import fit
from tests.directory.conftest import AGENCIES

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
NEEDS = ("police", "hotline", "child_helpline", "crisis", "victim_support", "takedown")
FILES = sorted(AGENCIES.glob("*.yaml"))


def _raw(name: str) -> dict[str, list[dict[str, object]]]:
    return yaml.load((AGENCIES / f"{name}.yaml").read_text("utf-8"), yaml.BaseLoader)  # noqa: S506


def test_every_iso_country_is_known_and_answers(directory: Directory) -> None:
    assert len(countries()) == 250

    for country in countries():
        assert directory.known(country)
        for audience in ("child", "parent", None):
            found = directory.find(country, NEEDS, about="abuse", language="en", audience=audience, now=NOON)
            assert found, (country, audience)


@pytest.mark.parametrize("code", ["", "XX", "ZZ", "EU", "UK", "it", "ITA", "1A"])
def test_other_codes_are_not_known(directory: Directory, code: str) -> None:
    assert not directory.known(code)


def test_no_service_of_another_country_is_shown_as_local(directory: Directory) -> None:
    for country in countries():
        for listing in directory.find(country, NEEDS, language="en", now=NOON, limit=9):
            assert listing.service.country in (country, None)


def test_without_a_country_only_international_services_are_shown(directory: Directory) -> None:
    for audience in ("child", "parent"):
        found = directory.find(None, NEEDS, about="sextortion", language="it", audience=audience, now=NOON)
        assert found
        assert {one.service.country for one in found} == {None}


def test_low_and_unsourced_entries_are_never_shown(directory: Directory) -> None:
    held = {(one.id, one.field) for one in directory.to_verify() if one.confidence != "medium"}
    shown = {service.id: service for service in directory.data.services}

    assert len(held) > 150
    for name, field in held:
        if field is None:
            assert name not in shown
        elif field in ("report_url", "chat_url", "hours", "email", "phones", "operator"):
            assert not getattr(shown.get(name), field, None), (name, field)


def test_everything_shown_is_high_or_medium(directory: Directory) -> None:
    assert {service.confidence for service in directory.data.services} == {"high", "medium"}
    for numbers in directory.data.emergency.values():
        assert {one.confidence for one in numbers} <= {"high", "medium"}


def test_refused_numbers_stand_nowhere(directory: Directory) -> None:
    def digits(text: str) -> str:
        return re.sub(r"\D", "", text)

    for refused in directory.data.refused.numbers:
        for country in refused.countries:
            dials = {
                digits(p.dial) for s in directory.data.services if s.country == country for p in s.phones
            }
            dials |= {digits(t.dial) for s in directory.data.services if s.country == country for t in s.text}
            dials |= {one.number for one in directory.emergency(country)}
            assert digits(refused.number) not in dials
    assert len(directory.data.refused.numbers) == 30


@pytest.mark.parametrize("domain", ["virtualglobaltaskforce.com", "interpol-icp.org"])
def test_refused_domains_stand_nowhere(domain: str) -> None:
    for path in FILES:
        if path.stem != "refused":
            assert domain not in path.read_text("utf-8").casefold()


def test_dial_is_plain_digits(directory: Directory) -> None:
    for service in directory.data.services:
        for line in (*service.phones, *service.text):
            assert re.fullmatch(r"\+?[0-9]+", line.dial), service.id
    for numbers in directory.data.emergency.values():
        assert all(re.fullmatch(r"[0-9]{2,8}", one.number) for one in numbers)


def test_a_vanity_spelling_is_a_label(directory: Directory) -> None:
    listing = directory.service("us-ncmec-missing", NOON)

    assert listing
    assert [(p.dial, p.label) for p in listing.service.phones] == [
        ("18008435678", "1-800-THE-LOST – missing child"),
    ]


def test_nothing_for_adults_reaches_a_child(directory: Directory) -> None:
    adults = {"global-stopncii", "gb-revenge-porn-helpline", "pl-116123", "no-det-finnes-hjelp"}
    assert adults <= {service.id for service in directory.data.services if "adult" in service.audience}

    for country in (*countries(), None):
        for audience in ("child", None):
            for need in ("takedown", "crisis", "offender_prevention", "bullying"):
                for one in directory.find(
                    country, [need], language="en", audience=audience, now=NOON, limit=9
                ):
                    assert fit(one.service, "child") is not None
                    assert one.service.id not in adults


def test_bodies_that_take_no_reports_are_never_listed(directory: Directory) -> None:
    silent = {"global-vgt", "global-interpol", "global-europol-report", "it-cncpo", "ch-fedpol"}

    for country in (*countries(), None):
        found = directory.find(country, ["police", "cybercrime", "hotline"], language="en", now=NOON, limit=9)
        assert silent.isdisjoint(one.service.id for one in found)


def test_emergency_numbers_of_any_kind_come_first(directory: Directory) -> None:
    assert [one.number for one in directory.emergency("FR")][:3] == ["112", "17", "15"]
    assert directory.emergency("FR")[-1].purpose == "text_only"
    assert [one.number for one in directory.emergency("GB")] == ["999", "112", "101"]
    assert directory.emergency("AQ") == ()
    for numbers in directory.data.emergency.values():
        late = [one.purpose in ("text_only", "police_non_emergency") for one in numbers]
        assert late == sorted(late)


def test_every_fact_has_a_source_and_a_date() -> None:
    for path in FILES:
        raw = _raw(path.stem)
        for entry in [*raw.get("services", []), *raw.get("emergency", []), *raw.get("partners", [])]:
            assert entry["sources"], (path.name, entry)
            assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(entry["verified_on"]))


def test_the_example_in_the_readme_is_valid(tmp_path) -> None:
    text = (AGENCIES / "README.md").read_text("utf-8")
    example = text.split("```yaml\n")[1].split("```")[0]
    folder = tmp_path / "agencies"
    folder.mkdir()
    (folder / "GB.yaml").write_text(example, "utf-8")
    problems: list = []
    Directory.load(folder, problems)

    assert problems == []


def test_the_blob_gives_the_same_directory(directory: Directory) -> None:
    again = Directory.decode(directory.encode())

    assert directory.data == again.data
    assert directory.find("IT", NEEDS, now=NOON) == again.find("IT", NEEDS, now=NOON)


def test_the_list_to_verify_names_field_and_reason(directory: Directory) -> None:
    found = [one for one in directory.to_verify() if (one.id, one.field) == ("it-19696", "chat_url")]

    assert [(one.country, one.value, one.confidence, one.why) for one in found] == [
        ("IT", "https://azzurro.it/chat/", "unsourced", "no source"),
    ]
    assert any(one.id == "gb-samaritans" and one.confidence == "medium" for one in directory.to_verify())
