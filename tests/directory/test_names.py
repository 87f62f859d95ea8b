"""A question about an agency is recognised under its old name and its present one."""

from datetime import UTC, datetime

import pytest

from bot.directory import Directory

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

NAMED = {
    "gb-ceop": [
        "Child Exploitation and Online Protection Centre du Royaume-Uni (CEOP)", "who is ceop?", "Thinkuknow",
        "is thinkyouknow still there", "NCA CEOP", "CEOP Education", "the National Crime Agency",
    ],
    "us-hsi-know2protect": [
        "Sécurité intérieure des États-Unis (HSI) / Cyber Crimes Center, U.S. Immigration and Customs Enforcement (ICE)",
        "what is HSI/ICE", "Homeland Security Investigations", "Know2Protect", "is ICE the police",
    ],
    "us-ncmec-cybertipline": [
        "National Center for Missing & Exploited Children (NCMEC)", "ncmec", "the CyberTipline", "cyber tipline",
    ],
    "us-ic3": ["the FBI's IC3", "ic3"],
    "us-fbi": ["fbi", "Federal Bureau of Investigation"],
    "ca-rcmp-ncecc": [
        "Centre national de coordination contre l'exploitation des enfants (Gendarmerie royale du Canada)", "RCMP",
        "National Child Exploitation Coordination Centre", "National Child Exploitation Crime Centre",
    ],
    "it-polizia-postale": [
        "Polizia Postale e delle Comunicazioni", "polizia postale", "police italienne des postes et télécommunications",
        "police italienne des postes", "Commissariato di P.S. online", "italian postal police", "polizia postle",
    ],
    "it-cncpo": [
        "Centro Nazionale per il Contrasto della Pedofilia On-line (CNCPO)", "che cos'è il cncpo",
        "Centro Nazionale per il Contrasto alla Pedopornografia Online",
    ],
    "au-accce": ["Police fédérale australienne (Australian Federal Police)", "ACCCE", "AFP", "OCSET"],
    "nz-police-coi": ["police néo-zélandaise", "polizia della Nuova Zelanda", "OCEANZ", "New Zealand Police"],
    "ae-moi-cpc": ["ministère de l'Intérieur des Émirats arabes unis", "MOI-CPC", "مركز حماية الطفل"],
    "global-vgt": ["Virtual Global Taskforce", "What is the Virtual Global Task Force?", "VGT"],
    "global-interpol": ["INTERPOL", "what does interpole do", "ما هو الإنتربول"],
    "global-europol-report": ["Europol", "EC3"],
    "global-europol-trace-an-object": ["Trace an Object"],
    "global-take-it-down": ["takeitdown.ncmec.org", "What is Take It Down"],
    "global-inhope": ["International Association of Internet Hotlines (INHOPE)", "inhope"],
    "global-ecpat": [
        "End Child Prostitution, Child Pornography and Trafficking of Children for Sexual Purposes (ECPAT International)",
        "ecpat",
    ],
    "global-icmec-gmcn": ["Centre international pour les enfants disparus ou exploités (ICMEC)", "icmec"],
    "partner-kinsa": ["Kinsa", "Kids Internet Safety Alliance"],
    "partner-netclean": ["NetClean"],
    "partner-paypal": ["PayPal"],
    "partner-microsoft-dcu": ["Microsoft Digital Crimes Unit", "PhotoDNA"],
    "partner-world-vision-australia": ["World Vision Australia", "Project Childhood"],
    "partner-research-in-motion": ["Research In Motion", "BlackBerry", "RIM"],
    "partner-the-code": ["What is The Code?", "thecode.org"],
    "partner-european-financial-coalition": ["European Financial Coalition", "EFC"],
    "nz-netsafe": ["netsafe"], "au-esafety": ["eSafety", "the esafety commissioner"], "fr-3018": ["c'est quoi le 3018", "Net Ecoute"],
    "fr-pharos": ["pharos", "PHAROS c'est quoi"], "gb-report-fraud": ["Action Fraud"], "nl-meldpunt-kinderporno": ["EOKM"],
    "it-19696": ["Telefono Azzurro", "1.96.96"], "jp-ihc": ["インターネット・ホットラインセンターとは何ですか"],
}  # fmt: skip


@pytest.mark.parametrize(("body", "text"), [(body, text) for body, texts in NAMED.items() for text in texts])
def test_an_agency_is_found(directory: Directory, body: str, text: str) -> None:
    assert body in [one.id for one in directory.named(text)]


@pytest.mark.parametrize("text", [
    "i need help", "someone is blackmailing me with my nudes", "ice cream is nice", "what's the code for my game",
    "how do I report fraud", "take it down please", "my sister is 119 cm tall", "he told me to stop it now",
    "i forgot the wifi code", "can i talk to someone at a child helpline", "je cherche un point de contact",
    "ma sécurité en ligne", "childlike behaviour", "my child is missing", "please shout", "where do I find a helpline",
    "is roblox safe", "he said he is from the police", "report harmful content", "my dad hits me", "lifeline",
    "the mix of friends", "cyber bullying", "online safety", "I AM SO SCARED OF THE RIM OF THE WELL AND ICE", "", "   ", "🙂",
    "mi hanno rubato l'account", "la polizia è venuta", "me siento solo", "اريد مساعدة", "1", "yes",
])  # fmt: skip
def test_ordinary_words_name_nobody(directory: Directory, text: str) -> None:
    assert directory.named(text) == ()


def test_the_country_decides_between_namesakes(directory: Directory) -> None:
    for country, body in (("GB", "gb-childline"), ("IE", "ie-childline"), ("ZA", "za-childline")):
        assert [one.id for one in directory.named("What is Childline?", country)] == [body]
    assert [one.id for one in directory.named("Stop It Now", "AU")] == ["au-stop-it-now"]
    assert len(directory.named("childline")) == 3


def test_the_longest_name_wins(directory: Directory) -> None:
    assert [one.id for one in directory.named("Childline South Africa")] == ["za-childline"]


def test_every_body_of_the_founding_documents_says_what_it_is_today_and_where_reports_go(
    directory: Directory,
) -> None:
    bodies = {body.id: body for body in directory.data.bodies}
    for name in NAMED:
        body = bodies[name]
        if name.startswith(("partner-", "global-")) or name in (
            "gb-ceop",
            "it-cncpo",
            "ca-rcmp-ncecc",
            "nz-police-coi",
        ):
            assert body.today
        assert body.reports_to or body.needs, name
        for service in body.reports_to:
            listing = directory.service(service, NOW)
            assert listing
            assert listing.service.listed


def test_bodies_lead_to_what_exists_today(directory: Directory) -> None:
    bodies = {body.id: body for body in directory.data.bodies}

    assert bodies["global-vgt"].reports_to == ()
    assert bodies["global-vgt"].needs[0] == "police"
    assert bodies["it-cncpo"].reports_to[0] == "it-polizia-postale"
    assert bodies["ca-rcmp-ncecc"].reports_to == ("ca-cybertip",)
    assert bodies["partner-kinsa"].reports_to == ("ca-cybertip",)
    assert bodies["global-stopncii"].reports_to == ("global-take-it-down",)


def test_no_adult_service_comes_from_a_name(directory: Directory) -> None:
    for body in directory.data.bodies:
        for name in body.reports_to:
            listing = directory.service(name, NOW)
            assert listing
            assert set(listing.service.audience) != {"adult"}


def test_each_text_to_translate_belongs_to_a_body(directory: Directory) -> None:
    texts = directory.texts()

    assert texts["agencies.gb-ceop.today"].startswith("CEOP is part of")
    assert {f"agencies.{body.id}.today" for body in directory.data.bodies if body.today} == set(texts)
    assert max(map(len, texts.values())) < 300
