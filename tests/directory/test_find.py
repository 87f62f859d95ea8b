"""The order in which help is offered."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.directory import TOPICS, Directory

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
SEXTORTION = ("police", "takedown", "child_helpline", "hotline")


def ids(directory: Directory, country: str | None, *needs: str, now: datetime = NOON, **options) -> list[str]:
    options.setdefault("language", "en")
    return [one.service.id for one in directory.find(country, needs, now=now, **options)]


def test_the_police_form_comes_first_where_police_is_wanted_first(directory: Directory) -> None:
    assert ids(directory, "GB", *SEXTORTION, about="sextortion", audience="child") == [
        "gb-ceop",
        "gb-report-remove",
        "gb-childline",
        "gb-iwf",
    ]
    assert ids(directory, "IT", *SEXTORTION, about="sextortion", language="it")[0] == "it-polizia-postale"
    assert ids(directory, "US", *SEXTORTION, about="sextortion")[:2] == [
        "us-hsi-know2protect",
        "global-take-it-down",
    ]
    assert ids(directory, "FR", *SEXTORTION, about="sextortion", language="fr")[0] == "fr-espace-mineurs"
    assert ids(directory, "AU", *SEXTORTION, about="sextortion")[0] == "au-accce"


def test_each_kind_of_need_gets_its_best_before_any_gets_a_second(directory: Directory) -> None:
    kinds = [one.service.kind for one in directory.find("US", SEXTORTION, about="sextortion", now=NOON)]

    assert kinds == ["police", "takedown", "child_helpline", "hotline"]


def test_a_service_made_for_children_comes_first_for_a_child(directory: Directory) -> None:
    assert ids(directory, "IT", "child_helpline", about="sextortion", language="it", audience="child") == [
        "it-19696",
        "it-114",
    ]
    assert ids(directory, "GB", "victim_support", audience="parent")[0] == "gb-nspcc-helpline"


def test_an_unknown_audience_is_served_as_a_child(directory: Directory) -> None:
    for need in ("child_helpline", "crisis", "takedown", "victim_support", "bullying"):
        for country in ("GB", "DE", "PL", "IT", "AU"):
            assert ids(directory, country, need) == ids(directory, country, need, audience="child")


def test_lines_for_parents_only_are_not_offered_to_a_child(directory: Directory) -> None:
    assert "de-elterntelefon" not in ids(directory, "DE", "child_helpline", audience="child", limit=9)
    assert ids(directory, "DE", "child_helpline", language="de", audience="parent")[0] == "de-elterntelefon"


def test_a_parent_is_not_sent_to_a_takedown_service_for_adults(directory: Directory) -> None:
    assert ids(directory, "GB", "takedown", audience="parent") == ["gb-report-remove", "global-take-it-down"]


def test_medium_stands_below_high_of_the_same_kind(directory: Directory) -> None:
    for country in sorted(directory.covered()):
        for need in TOPICS["sextortion"]:
            found = directory.find(country, [need], language="en", now=NOON, limit=9)
            national = [
                one.service.confidence
                for one in found
                if one.service.country and one.service.kinds[0] == need
            ]
            assert national == sorted(national, key=["high", "medium"].index), (country, need)


def test_who_answers_now_comes_before_who_does_not(directory: Directory) -> None:
    day = ids(
        directory,
        "JP",
        "child_helpline",
        language="ja",
        audience="child",
        now=datetime(2026, 11, 24, 8, 0, tzinfo=UTC),
    )
    night = directory.find(
        "JP",
        ["child_helpline"],
        language="ja",
        audience="child",
        now=datetime(2026, 11, 24, 15, 0, tzinfo=UTC),
    )

    assert day[0] == "jp-childline"
    assert night[0].open_now is True
    assert [one.service.id for one in night if one.open_now is False] == ["jp-childline", "jp-jinken"]


def test_the_language_decides_in_a_country_of_several(directory: Directory) -> None:
    assert ids(directory, "BE", "child_helpline", language="fr")[1] == "be-103"
    assert ids(directory, "BE", "child_helpline", language="nl-BE")[1] == "be-awel"


def test_somebody_who_listens_now_is_always_there(directory: Directory) -> None:
    found = directory.find(
        "NL", ["police", "hotline"], about="grooming", language="nl", audience="child", now=NIGHT
    )
    assert any(one.open_now and one.service.phones and one.service.kind == "victim_support" for one in found)

    full = directory.find("NL", ["police", "hotline", "takedown"], language="nl", now=NIGHT, limit=2)
    assert len(full) == 2
    assert full[1].service.id == "nl-veilig-thuis"


def test_nobody_is_added_to_listen_for_a_matter_of_money(directory: Directory) -> None:
    assert ids(directory, "GB", "cybercrime", about="scam") == ["gb-report-fraud"]


def test_ceop_is_not_offered_for_what_it_turns_away(directory: Directory) -> None:
    for topic in ("cyberbullying", "hacking", "scam"):
        assert "gb-ceop" not in ids(directory, "GB", "police", "bullying", about=topic, limit=9)


def test_take_it_down_serves_countries_without_a_service_of_their_own(directory: Directory) -> None:
    for country in ("IN", "BR", "ZA", "DE", None):
        assert "global-take-it-down" in ids(
            directory, country, "takedown", "child_helpline", about="nude_image_shared"
        )
    assert "global-take-it-down" not in ids(
        directory, "GB", "takedown", "police", about="nude_image_shared", audience="child"
    )


def test_a_country_without_services_leads_to_finders(directory: Directory) -> None:
    assert ids(directory, "AQ", *SEXTORTION, about="sextortion") == [
        "global-take-it-down",
        "global-child-helpline-international",
    ]


def test_part_of_a_country_comes_after_the_whole(directory: Directory) -> None:
    assert ids(directory, "AE", "police", about="sextortion", language="ar")[0] == "ae-moi-cpc"


def test_limit_and_order_of_needs_are_kept(directory: Directory) -> None:
    assert len(ids(directory, "GB", *SEXTORTION, limit=1)) == 1
    assert ids(directory, "GB", "hotline", "police", about="csam", audience="child")[:2] == [
        "gb-iwf",
        "gb-ceop",
    ]
    assert ids(directory, "GB") != []


def test_a_form_for_one_crime_is_not_offered_for_another(directory: Directory) -> None:
    assert "gb-ceop" not in ids(directory, "GB", "missing_children", "police", about="missing")


@pytest.mark.parametrize(
    ("need", "kinds", "about"),
    [
        ("police", ("police",), None),
        ("sextortion", SEXTORTION, "sextortion"),
        ("missing_children", ("missing_children",), "missing"),
        ("dragons", (), None),
        ("", (), None),
    ],
)
def test_needs_of_a_kind_or_a_topic(
    directory: Directory, need: str, kinds: tuple[str, ...], about: str | None
) -> None:
    assert directory.needs_of(need) == (kinds, about)


def test_the_minute_decides_not_the_second(directory: Directory) -> None:
    first = directory.find("IT", ["crisis"], language="it", now=NOON)

    assert first is directory.find("IT", ["crisis"], language="it", now=NOON + timedelta(seconds=59))
    assert first is not directory.find("IT", ["crisis"], language="it", now=NOON + timedelta(minutes=1))


def test_an_unknown_service_is_none(directory: Directory) -> None:
    assert directory.service("xx-nobody", NOON) is None
